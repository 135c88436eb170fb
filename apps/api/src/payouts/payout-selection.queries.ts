import type { Actor } from '../core/actor.ts';
import type { Queryable } from '../runtime/db.ts';
import { defaultSort, type PayoutSelection } from './payout-list.ts';
import { readPage } from './payout-page.queries.ts';
import { type ReadPayout, readPayouts } from './payouts.queries.ts';

/**
 * The payouts that a selection names, at most `limit`, in the order in which the list shows them; `more` when there are
 * others beyond. Picked ids that name no payout are left out. An act on many freezes what this gives it, and never asks again.
 */
export async function readSelection(
  on: Queryable,
  actor: Actor,
  selection: PayoutSelection,
  now: Date,
  limit: number,
): Promise<{ reads: ReadPayout[]; more: boolean }> {
  if ('ids' in selection) {
    const reads = await readPayouts(on, [...new Set(selection.ids)], now);
    return { reads: reads.slice(0, limit), more: reads.length > limit };
  }
  const { reads, more } = await readPage(on, actor, { ...selection, sort: defaultSort(selection.filter), limit }, now);
  return { reads, more };
}
