import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { Endpoint } from './webhook-wire.ts';

/** Everything that a command on webhooks changes. Other people's screens hear of it by the live stream. */
export function refreshWebhooks(): void {
  void queryClient.invalidateQueries(trpc.webhooks.pathFilter());
}

/** Says in a toast what came instead of an answer. An answer that was lost is "unknown", never "failed". */
function sayFailure(error: unknown): void {
  const t = text();
  const failure = readFailure(error);
  if (failure.kind === 'refusal') {
    toast({ tone: 'refused', title: t('webhooks.acts.failed'), body: refusalText(t, failure.refusal) });
  } else {
    toast({ tone: 'unknown', title: t('payouts.acts.outcomeUnknown'), body: t('common.failure.unknown') });
  }
}

/** The key of a button without a dialog: the same until a press was answered, so that a press after a lost answer repeats it. */
function useButtonKey(): { key: string; renew: () => void } {
  const [key, setKey] = useState(mintCommandKey);
  return { key, renew: () => setKey(mintCommandKey()) };
}

/** Sends a test message: it changes nothing, so one press does it. */
export function useSendTest(endpointId: string) {
  const { key, renew } = useButtonKey();
  const send = useMutation(
    trpc.webhooks.test.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: text()('webhooks.acts.testDone') });
        renew();
      },
      onError(error) {
        sayFailure(error);
        if (readFailure(error).kind === 'refusal') renew();
      },
      onSettled: refreshWebhooks,
    }),
  );
  const press = useSinglePress(send.mutate);
  return { busy: send.isPending, run: () => press({ idempotencyKey: key, input: { endpointId } }) };
}

/** Sends one delivery again, or tries it now. The receiver can tell a message that it has already. */
export function useReplay(deliveryId: string) {
  const { key, renew } = useButtonKey();
  const replay = useMutation(
    trpc.webhooks.replay.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: text()('webhooks.acts.replayDone') });
        renew();
      },
      onError(error) {
        sayFailure(error);
        if (readFailure(error).kind === 'refusal') renew();
      },
      onSettled: refreshWebhooks,
    }),
  );
  const press = useSinglePress(replay.mutate);
  return { busy: replay.isPending, run: () => press({ idempotencyKey: key, input: { deliveryId } }) };
}

/** Turns a disabled endpoint on again. */
export function useEnable(endpoint: Pick<Endpoint, 'id' | 'version'>) {
  const { key, renew } = useButtonKey();
  const change = useMutation(
    trpc.webhooks.change.mutationOptions({
      onSuccess: () => toast({ tone: 'done', title: text()('webhooks.acts.enabled') }),
      onError: sayFailure,
      onSettled() {
        renew();
        refreshWebhooks();
      },
    }),
  );
  const press = useSinglePress(change.mutate);
  const input = { endpointId: endpoint.id, version: endpoint.version, enable: true as const };
  return { busy: change.isPending, run: () => press({ idempotencyKey: key, input }) };
}
