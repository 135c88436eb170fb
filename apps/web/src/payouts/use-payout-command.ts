import { useMutation } from '@tanstack/react-query';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';

/** Says in a toast what came instead of an answer. An answer that was lost is "unknown", never "failed". */
function sayFailure(error: unknown): void {
  const t = text();
  const failure = readFailure(error);
  if (failure.kind === 'refusal') {
    toast({ tone: 'refused', title: t('payouts.acts.refused'), body: refusalText(t, failure.refusal) });
  } else {
    toast({ tone: 'unknown', title: t('payouts.acts.outcomeUnknown'), body: t('common.failure.unknown') });
  }
}

const refresh = () => queryClient.invalidateQueries(trpc.payouts.pathFilter());

/** Has the provider asked. Reading moves no money, so one press does it. */
export function useCheckPayout(payoutId: string, done: string) {
  const check = useMutation(
    trpc.payouts.check.mutationOptions({
      onSuccess: () => toast({ tone: 'done', title: done }),
      onError: sayFailure,
      onSettled: refresh,
    }),
  );
  return {
    busy: check.isPending,
    run: () => check.mutate({ idempotencyKey: mintCommandKey(), input: { payoutId } }),
  };
}
