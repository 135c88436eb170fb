import type { OverrideAnswer } from '@countersign/api/src/overrides/override-answer.ts';
import { refusalText } from '../lib/failure.ts';
import { text } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';

/** Everything that an override's fate changes. Other people's screens hear of it by the live stream. */
export function refreshOverrides(): void {
  void queryClient.invalidateQueries(trpc.overrides.pathFilter());
  void queryClient.invalidateQueries(trpc.payouts.pathFilter());
}

/**
 * Says what became of a decision or an execution. The command may have been kept and its act not done: then it had
 * expired, had gone stale, or was not possible now, and that is what is said.
 */
export function sayAnswer({ refusal }: Pick<OverrideAnswer, 'refusal'>, done: string): void {
  const t = text();
  if (refusal) toast({ tone: 'refused', title: t('overrides.sign.notDone'), body: refusalText(t, refusal) });
  else toast({ tone: 'done', title: done });
}
