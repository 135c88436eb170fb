import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CURRENCIES, type Currency } from '../core/currency.ts';
import { parseId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { PAYOUT_STATUSES, RAILS } from './payout.ts';
import { STUCK_CAUSES } from './stuck.ts';

/**
 * What can be asked of the queue. One question is asked the same way by the list, its number, its groups, and an act on all
 * that it finds: a filter that got lost on the way would let a person act on more than they see. So nothing here is
 * forgiving: an unknown field, an unknown value or an empty choice is malformed, never "no filter".
 */
export const PAYOUT_FILTERS = [
  'open',
  'stuck',
  'late',
  'unconfirmed',
  'failed',
  'high_value',
  'mine',
  'snoozed',
  'all',
] as const;
export type PayoutFilter = (typeof PAYOUT_FILTERS)[number];

/** Filters that show payouts which somebody put aside, too. */
export const SHOWS_SNOOZED: ReadonlySet<PayoutFilter> = new Set(['open', 'snoozed', 'all']);

/** In `code`: the payout has no failure code. */
export const NO_CODE = 'none';

export const payoutFilterInput = z.enum(PAYOUT_FILTERS);

const storedText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'text with a NUL or half a character');
const someOf = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(60);
const idOf = (kind: 'party' | 'person') => (id: string) => parseId(kind, id) !== null;
const majorUnits = z.string().regex(/^\d{1,15}(\.\d{1,6})?$/, 'a decimal amount such as 1250.50');

/** Narrower than the filter: AND between fields, OR within one. Ids are as on any wire (`pa_…`, `us_…`). */
export const payoutWhereInput = z.strictObject({
  status: someOf(z.enum(PAYOUT_STATUSES)).optional(),
  level: someOf(z.enum(['late', 'stuck'])).optional(),
  cause: someOf(z.enum(STUCK_CAUSES)).optional(),
  /** Failure codes; `none` for payouts without one. */
  code: someOf(storedText(100).min(1)).optional(),
  rail: someOf(z.enum(RAILS)).optional(),
  provider: someOf(storedText(60).min(1)).optional(),
  currency: someOf(z.enum(CURRENCIES as [Currency, ...Currency[]])).optional(),
  merchant: z.string().refine(idOf('party'), 'not an id of a party').optional(),
  owner: z
    .string()
    .refine((owner) => owner === 'me' || owner === 'nobody' || idOf('person')(owner), 'neither me, nobody nor a person')
    .optional(),
  kind: z.enum(['payout', 'withdrawal']).optional(),
  /** Amounts in major units of each payout's own currency, both inclusive. */
  min: majorUnits.optional(),
  max: majorUnits.optional(),
  /** Time since the payout was asked for: `<24h`, `>7d`. */
  age: z
    .string()
    .regex(/^[<>]\d{1,4}[hd]$/, 'an age such as <24h or >7d')
    .optional(),
  /** An id or a reference in full, or the beginnings of words of payee, merchant, reference and descriptor. */
  text: storedText(200).optional(),
});
export type PayoutWhere = z.infer<typeof payoutWhereInput>;

export const PAYOUT_COLUMNS = [
  'created',
  'since',
  'deadline',
  'amount',
  'payee',
  'merchant',
  'status',
  'rail',
  'provider',
  'currency',
  'code',
  'owner',
  'reference',
] as const;
export type PayoutColumn = (typeof PAYOUT_COLUMNS)[number];

export const payoutSortInput = z.strictObject({ by: z.enum(PAYOUT_COLUMNS), direction: z.enum(['asc', 'desc']) });
export type PayoutSort = z.infer<typeof payoutSortInput>;

/** Newest first, but where waiting is the point: there, what waits longest. */
export function defaultSort(filter: PayoutFilter): PayoutSort {
  return filter === 'stuck' ? { by: 'since', direction: 'asc' } : { by: 'created', direction: 'desc' };
}

/** What the queue is asked: everything that decides which payouts are meant. */
export interface PayoutQuestion {
  filter: PayoutFilter;
  where?: PayoutWhere | undefined;
}

/** Payouts to act on: the ones that were picked, or all that a question finds. */
export type PayoutSelection = { ids: string[] } | PayoutQuestion;

/** Most payouts that one selection may name. */
export const MAX_SELECTION = 10_000;

/** Reads a selection from a wire; the picked ids (`po_…`) become uuids, each once. */
export const payoutSelectionInput = z.union([
  z.strictObject({
    ids: z
      .array(
        z.string().transform((id, context) => {
          const uuid = parseId('payout', id);
          if (uuid !== null) return uuid;
          context.addIssue({ code: 'custom', message: 'not an id of a payout' });
          return z.NEVER;
        }),
      )
      .min(1)
      .max(MAX_SELECTION)
      .transform((ids) => [...new Set(ids)]),
  }),
  z.strictObject({ filter: payoutFilterInput, where: payoutWhereInput.optional() }),
]);

/** A number that is not counted further than it is read: at most COUNT_LIMIT, and whether it is all. */
export interface Count {
  count: number;
  exact: boolean;
}

export const COUNT_LIMIT = 10_000;

/** A number of rows, of which at most one more than COUNT_LIMIT were looked at. */
export function cappedCount(rows: number): Count {
  return { count: Math.min(rows, COUNT_LIMIT), exact: rows <= COUNT_LIMIT };
}

/** Between which instants a payout of that age was asked for, both exclusive. */
export function createdBetween(age: string, now: Date): { after: Date | null; before: Date | null } {
  const [, side, count, unit] = /^([<>])(\d+)([hd])$/.exec(age) ?? [];
  const at = new Date(now.getTime() - Number(count) * (unit === 'd' ? DAY_MS : HOUR_MS));
  return side === '<' ? { after: at, before: null } : { after: null, before: at };
}

/** Where a page ended: the values that the list is ordered by, in order, as text; null where the payout has none. */
export type PagePlace = (string | null)[];

/** The place as a cursor: opaque, bound to its order, and able to tell whether it was written here. */
export function encodeCursor(sort: PayoutSort, place: PagePlace): string {
  const body = JSON.stringify([sort.by, sort.direction, ...place]);
  return Buffer.from(`${checksum(body)}${body}`).toString('base64url');
}

/** The place in a cursor of this order; null for any other text, and then the list begins again rather than failing. */
export function decodeCursor(sort: PayoutSort, cursor: string): PagePlace | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const body = text.slice(CHECKSUM_LENGTH);
  if (text.slice(0, CHECKSUM_LENGTH) !== checksum(body)) return null;
  const [by, direction, ...place] = JSON.parse(body) as [string, string, ...PagePlace];
  return by === sort.by && direction === sort.direction ? place : null;
}

const CHECKSUM_LENGTH = 12;

function checksum(body: string): string {
  return createHash('sha256').update(`countersign queue cursor ${body}`).digest('hex').slice(0, CHECKSUM_LENGTH);
}
