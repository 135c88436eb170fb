import type { BulkAct } from '@countersign/api/src/bulk/bulk.ts';
import type { PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { toast } from '../ui/toast.tsx';

/** Payouts that were picked by hand, or all that a question finds. */
export type BulkSelection = { ids: readonly string[] } | { filter: string; where?: PayoutWhere | undefined };

/** What an act takes beside the payouts: to whom (null: to nobody), or why. */
export type BulkActInput = { assigneeId: string | null } | { reason: string };

export interface StartBulk {
  /** Has the preview made, and goes to it. Nothing is done to any payout before that preview is confirmed. */
  start: (act: BulkAct, selection: BulkSelection, input?: BulkActInput) => Promise<void>;
  busy: boolean;
}

/** How an act on many begins: with a preview that freezes the selection on the server. */
export function useStartBulk(): StartBulk {
  const navigate = useNavigate();
  const preview = useMutation(trpc.bulk.preview.mutationOptions());
  const sent = useRef(false);
  const start: StartBulk['start'] = async (act, selection, input) => {
    if (sent.current) return;
    sent.current = true;
    try {
      // The server reads the whole of it again, and refuses what it does not know.
      const asked = { act, selection, ...(input ? { input } : {}) };
      const { runId } = await preview.mutateAsync({ idempotencyKey: mintCommandKey(), input: asked });
      await navigate(paths.bulkRun(runId));
    } catch (error) {
      sayNotStarted(error);
    } finally {
      sent.current = false;
    }
  };
  return { start, busy: preview.isPending };
}

/** A preview changes no payout, so one that was lost can simply be made again. */
function sayNotStarted(error: unknown): void {
  const t = text();
  const failure = readFailure(error);
  const body =
    failure.kind === 'refusal'
      ? refusalText(t, failure.refusal)
      : t(failure.reached ? 'common.failure.server' : 'common.failure.unreachable');
  toast({ tone: failure.kind === 'refusal' ? 'refused' : 'failed', title: t('bulk.toast.notStarted'), body });
}
