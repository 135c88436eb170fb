import { useMutation } from '@tanstack/react-query';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';
import type { Named } from './note-text.ts';

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

/** Gives a payout to somebody, or to nobody. The toast can give it back to whoever had it, for it moves no money. */
export function useAssign(payoutId: string, meId: string | undefined) {
  const assign = useMutation(trpc.payouts.assign.mutationOptions({ onError: sayFailure, onSettled: refresh }));
  const run = (to: Named | null, from: Named | null, undoable = true): void => {
    const t = text();
    const title = to
      ? to.id === meId
        ? t('collab.assign.mine')
        : t('collab.assign.given', { name: to.name })
      : t('collab.assign.free');
    const undo = { label: t('payouts.acts.undo'), run: () => run(from, to, false) };
    assign.mutate(
      { idempotencyKey: mintCommandKey(), input: { payoutId, assigneeId: to?.id ?? null } },
      { onSuccess: () => toast({ tone: 'done', title, ...(undoable ? { action: undo } : {}) }) },
    );
  };
  return { busy: assign.isPending, run };
}

interface Snooze {
  until: string;
  note?: string;
}

/** Puts a payout aside, or back among the others; either can be taken back. */
export function useSnooze(payoutId: string) {
  const snooze = useMutation(trpc.payouts.snooze.mutationOptions({ onSettled: refresh }));
  const wake = useMutation(trpc.payouts.wake.mutationOptions({ onError: sayFailure, onSettled: refresh }));

  /** Puts it aside; `before` is the snooze that was in force, to which taking it back leads. `done` is what is said. */
  const put = (to: Snooze, before: Snooze | null, done: string): void => {
    const t = text();
    snooze.mutate(
      { idempotencyKey: mintCommandKey(), input: { payoutId, ...to } },
      {
        onSuccess: () =>
          toast({ tone: 'done', title: done, action: { label: t('payouts.acts.undo'), run: () => back(before) } }),
        onError: sayFailure,
      },
    );
  };

  /** Puts it back among the others. */
  const rouse = (before: Snooze): void => {
    const t = text();
    const action = { label: t('payouts.acts.undo'), run: () => back(before) };
    wake.mutate(
      { idempotencyKey: mintCommandKey(), input: { payoutId } },
      { onSuccess: () => toast({ tone: 'done', title: t('collab.snooze.woken'), action }) },
    );
  };

  /** As it was before, without a further way back. */
  const back = (before: Snooze | null): void => {
    const t = text();
    const idempotencyKey = mintCommandKey();
    if (before) {
      const said = {
        onSuccess: () => toast({ tone: 'done', title: t('collab.snooze.asBefore') }),
        onError: sayFailure,
      };
      snooze.mutate({ idempotencyKey, input: { payoutId, ...before } }, said);
    } else {
      const said = { onSuccess: () => toast({ tone: 'done', title: t('collab.snooze.woken') }) };
      wake.mutate({ idempotencyKey, input: { payoutId } }, said);
    }
  };
  return { busy: snooze.isPending || wake.isPending, put, rouse, back };
}
