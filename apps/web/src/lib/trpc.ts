import type { AppRouter } from '@countersign/api/src/app-router.ts';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { isSignedOut, readFailure } from './failure.ts';

const url = '/trpc';

/** The calls themselves, for what asks several times to make one answer. Everything else goes through `trpc`. */
export const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      // A command travels alone: its answer must not wait for, or fail with, what happens to leave in the same tick.
      // A question that carries a whole policy is too long for an address, so it travels as POST.
      condition: (op) => op.type === 'mutation' || op.path === 'stuckPolicy.whatIf',
      true: httpLink({ url, methodOverride: 'POST' }),
      false: httpBatchLink({ url, maxURLLength: 8_000 }),
    }),
  ],
});

const signedOut = new Set<() => void>();

/** Calls `listener` whenever an answer says that the session is over. Returns what stops that. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

function noticeSignedOut(error: unknown): void {
  if (isSignedOut(error)) for (const listener of signedOut) listener();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      // The live stream says what changed (live.ts); time alone makes nothing stale.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      // A refusal is an answer and comes again the same; only a lost or failed call is worth another try.
      retry: (tries, error) => tries < 2 && readFailure(error).kind === 'fault',
      retryDelay: (tries) => Math.min(400 * 2 ** tries, 4_000),
    },
    mutations: { retry: false },
  },
});

/** Query and mutation options of every procedure: `useQuery(trpc.payouts.list.queryOptions(…))`. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
