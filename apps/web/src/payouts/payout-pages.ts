import { client, queryClient, trpc } from '../lib/trpc.ts';
import type { PayoutsSearch } from '../paths.ts';
import { type Pages, readPage } from '../ui/paged-rows.ts';
import type { PayoutRow } from './payout-wire.ts';
import { askedOf, type PayoutsQuestion, readQuestion } from './payouts-question.ts';

/** How long a page that was put away may be wanted back without asking again. */
const PUT_AWAY_MS = 5_000;

type Page = Pages<PayoutRow>[number];

/** What one page of the queue is asked with, and under which key it is remembered. `shown`: the page as it is shown now. */
export function pageQuery(question: PayoutsQuestion, cursor: string | null, shown: () => Page | undefined) {
  const asked = { ...askedOf(question), sort: question.sort };
  return {
    queryKey: [...trpc.payouts.list.pathKey(), 'page', asked, cursor] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      readPage<PayoutRow>(
        (from) => client.payouts.list.query(from === null ? asked : { ...asked, cursor: from }, { signal }),
        shown(),
      ),
    ...(cursor === null ? {} : { gcTime: PUT_AWAY_MS }),
  };
}

/** Asks for the desk's first rows and numbers while its code is still on the way. */
export function fetchDeskAhead(search: PayoutsSearch): void {
  const question = readQuestion(search);
  if (!question.grouped) void queryClient.prefetchQuery(pageQuery(question, null, () => undefined));
  void queryClient.prefetchQuery(trpc.payouts.counts.queryOptions());
}
