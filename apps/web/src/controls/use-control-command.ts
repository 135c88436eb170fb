import { queryClient, trpc } from '../lib/trpc.ts';

/** Everything that a stop, or its end, changes. Other people's screens hear of it by the live stream. */
export function refreshControls(): void {
  void queryClient.invalidateQueries(trpc.controls.pathFilter());
  void queryClient.invalidateQueries(trpc.payouts.pathFilter());
}

/** The shortest reason that says anything; the server's rule too. */
export const SHORTEST_REASON = 3;
