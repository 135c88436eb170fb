import { useEffect, useRef } from 'react';
import { queryClient } from '../lib/trpc.ts';

/** After these a payout is dealt with for now, and the queue goes on. */
const DEALS_WITH = new Set(['retry', 'check', 'hold', 'snooze', 'assign']);

/**
 * Tells when an act on the payout `id` was done, wherever it was started from. While its panel is open nothing is told: who
 * opened it watches what becomes of it.
 */
export function useNextAfterAct(id: string | undefined, onDone: (id: string) => void): void {
  const latest = useRef({ id, onDone });
  useEffect(() => {
    latest.current = { id, onDone };
  });
  useEffect(
    () =>
      queryClient.getMutationCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success') return;
        const [path] = (event.mutation.options.mutationKey ?? []) as [string[]?];
        const { id: watched, onDone: tell } = latest.current;
        if (path?.[0] !== 'payouts' || !DEALS_WITH.has(path[1] ?? '')) return;
        const { input } = (event.mutation.state.variables ?? {}) as { input?: { payoutId?: string } };
        // After the dialog it was confirmed in has given the focus back.
        if (watched !== undefined && input?.payoutId === watched) setTimeout(() => tell(watched), 0);
      }),
    [],
  );
}
