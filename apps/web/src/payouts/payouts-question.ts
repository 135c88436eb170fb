import type { PayoutFilter, PayoutSort } from '@countersign/api/src/payouts/payouts.queries.ts';

const FILTERS: Record<PayoutFilter, true> = {
  open: true,
  stuck: true,
  late: true,
  unconfirmed: true,
  failed: true,
  high_value: true,
  mine: true,
  all: true,
};

/** The filter that an address names; anything else is all that is open. */
export function readFilter(text: string | undefined): PayoutFilter {
  return text !== undefined && Object.hasOwn(FILTERS, text) ? (text as PayoutFilter) : 'open';
}

/** The order that an address names; without one, what waits longest comes first where waiting is the point. */
export function readSort(text: string | undefined, filter: PayoutFilter): PayoutSort {
  if (text === 'newest' || text === 'oldest' || text === 'stuck_longest') return text;
  return filter === 'stuck' ? 'stuck_longest' : 'newest';
}

/** The order that pressing the header of the created column asks for. */
export function sortOfHeader({ direction }: { direction: 'asc' | 'desc' }): PayoutSort {
  return direction === 'asc' ? 'oldest' : 'newest';
}
