import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryClient, trpc } from '../lib/trpc.ts';

/** A beat lost twice is still no absence: the server waits 45 s. */
const BEAT_MS = 20_000;
/** Whoever only passes by, from row to row, is not looking. */
const LOOKING_MS = 1_000;

/**
 * Says that this person looks at a payout for as long as it is open in a tab that can be seen, and tells who else does.
 * Nothing is said of a person whose console has heard nothing from the server for a while: that would be a guess.
 */
export function usePresence(payoutId: string) {
  const who = trpc.presence.who;
  const here = useMutation(
    trpc.presence.here.mutationOptions({
      onSuccess: (people, { payoutId: of }) => queryClient.setQueryData(who.queryKey({ payoutId: of }), people),
      onError: (_, { payoutId: of }) => queryClient.setQueryData(who.queryKey({ payoutId: of }), []),
    }),
  ).mutate;
  const gone = useMutation(trpc.presence.gone.mutationOptions()).mutate;

  useEffect(() => {
    let said = false;
    const beat = (): void => {
      if (document.visibilityState !== 'visible') return;
      said = true;
      here({ payoutId });
    };
    const leave = (): void => {
      if (said) gone({ payoutId });
      said = false;
    };
    const first = setTimeout(beat, LOOKING_MS);
    const timer = setInterval(beat, BEAT_MS);
    const seen = (): void => (document.visibilityState === 'visible' ? beat() : leave());
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
      leave();
    };
  }, [payoutId, here, gone]);

  return useQuery(who.queryOptions({ payoutId })).data ?? [];
}
