import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';
import type { RunnableKind } from './report-question.ts';

/** Everything that a run or a decision about a break changes. Other people's screens hear of it by the live stream. */
export function refreshReconciliation(): Promise<void> {
  return queryClient.invalidateQueries(trpc.reconciliation.pathFilter());
}

/** Says in a toast what came instead of an answer. An answer that was lost is "unknown", never "failed". */
function sayFailure(error: unknown): void {
  const t = text();
  const failure = readFailure(error);
  if (failure.kind === 'refusal') {
    toast({ tone: 'refused', title: t('reconciliation.acts.refused'), body: refusalText(t, failure.refusal) });
  } else {
    toast({ tone: 'unknown', title: t('reconciliation.acts.unknown'), body: t('common.failure.unknown') });
  }
}

/** Takes a break, or gives it back; the toast can take that back again, for it moves no money. */
export function useAssignBreak(breakId: string) {
  const assign = useMutation(
    trpc.reconciliation.assign.mutationOptions({ onError: sayFailure, onSettled: refreshReconciliation }),
  );
  const run = (to: 'me' | 'nobody', undoable = true): void => {
    const t = text();
    const undo = { label: t('reconciliation.acts.undo'), run: () => run(to === 'me' ? 'nobody' : 'me', false) };
    assign.mutate(
      { idempotencyKey: mintCommandKey(), input: { breakId, to } },
      {
        onSuccess: () =>
          toast({
            tone: 'done',
            title: t(to === 'me' ? 'reconciliation.acts.assigned' : 'reconciliation.acts.unassigned'),
            ...(undoable ? { action: undo } : {}),
          }),
      },
    );
  };
  return { busy: assign.isPending, run };
}

/** A run that was asked for and not answered: it is under way, or its answer was lost. */
interface AskedRun {
  idempotencyKey: string;
  question: string;
  lost: boolean;
}

/**
 * Runs a day and says what came of it. While one is under way another press does nothing; after a lost answer the same
 * day pressed again is the same command, under the same key.
 */
export function useRunReconciliation(onRun: (runId: string) => void) {
  // Not a state: the second click of a double click comes before anything has rendered.
  const asked = useRef<AskedRun | null>(null);
  const run = useMutation(
    trpc.reconciliation.run.mutationOptions({
      onSuccess({ runId, status, breaks }) {
        const t = text();
        if (status === 'failed') {
          toast({ tone: 'refused', title: t('reconciliation.run.failed'), body: t('reconciliation.run.failedBody') });
        } else {
          const { cleared, created, carried, reopened } = breaks;
          toast({
            tone: 'done',
            title: t('reconciliation.run.done', { cleared, created: created + reopened, carried }),
          });
        }
        onRun(runId);
      },
      onSettled(_, error) {
        const lost = error !== null && readFailure(error).kind === 'fault';
        asked.current = lost && asked.current ? { ...asked.current, lost } : null;
        return refreshReconciliation();
      },
    }),
  );
  const start = (kind: RunnableKind, on: string, onError: (error: unknown) => void = sayFailure): void => {
    const question = `${kind} ${on}`;
    const before = asked.current;
    if (before && !before.lost) return;
    const idempotencyKey = before?.question === question ? before.idempotencyKey : mintCommandKey();
    asked.current = { idempotencyKey, question, lost: false };
    run.mutate({ idempotencyKey, input: { kind, on } }, { onError });
  };
  return { busy: run.isPending, error: run.error, start };
}
