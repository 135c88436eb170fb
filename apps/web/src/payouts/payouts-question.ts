import { isCurrency } from '@countersign/api/src/core/currency.ts';
import type { PayoutStatus, Rail } from '@countersign/api/src/payouts/payout.ts';
import type { PayoutColumn, PayoutFilter, PayoutSort, PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import type { StuckCause } from '@countersign/api/src/payouts/stuck.ts';
import type { PayoutsSearch } from '../paths.ts';

export const FILTERS: readonly PayoutFilter[] = [
  'open',
  'stuck',
  'late',
  'unconfirmed',
  'failed',
  'high_value',
  'mine',
  'snoozed',
  'all',
];

export const STATUSES: readonly PayoutStatus[] = [
  'queued',
  'sending',
  'unconfirmed',
  'in_transit',
  'paid',
  'failed',
  'returned',
  'held',
  'canceled',
];
export const LEVELS = ['late', 'stuck'] as const;
export const CAUSES: readonly StuckCause[] = [
  'never_sent',
  'no_answer',
  'provider_slow',
  'webhook_missing',
  'held_too_long',
  'returned_undecided',
  'failed_undecided',
];
export const RAILS: readonly Rail[] = ['instant', 'sepa', 'ach', 'wire', 'card_push', 'local'];
export const KINDS = ['payout', 'withdrawal'] as const;
const SORTS: readonly PayoutColumn[] = [
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
];

/** A part of the address that nobody can read. It narrows nothing, so it is said, and nothing runs on "all of these". */
export interface Ignored {
  name: keyof PayoutsSearch;
  value: string;
}

export interface PayoutsQuestion {
  filter: PayoutFilter;
  where: PayoutWhere;
  sort: PayoutSort;
  grouped: boolean;
  ignored: Ignored[];
}

/** A field of the address that takes several values. */
export type ListField = 'status' | 'level' | 'cause' | 'code' | 'rail' | 'provider' | 'currency';
/** A field of the address that takes one. */
export type OneField = 'merchant' | 'owner' | 'kind' | 'min' | 'max' | 'age';

const within =
  (values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);
const like =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);

const LISTS: Record<ListField, (value: string) => boolean> = {
  status: within(STATUSES),
  level: within(LEVELS),
  cause: within(CAUSES),
  code: like(/^[A-Za-z0-9_]{1,64}$/),
  rail: within(RAILS),
  provider: like(/^[a-z0-9_-]{1,40}$/),
  currency: isCurrency,
};
const ONES: Record<OneField, (value: string) => boolean> = {
  merchant: like(/^pa_[0-9a-z]{26}$/),
  owner: like(/^(me|nobody|us_[0-9a-z]{26})$/),
  kind: within(KINDS),
  min: like(/^\d{1,13}(\.\d{1,4})?$/),
  max: like(/^\d{1,13}(\.\d{1,4})?$/),
  age: like(/^[<>][1-9]\d{0,3}[hd]$/),
};
/** The fields that narrow, in the order of the menu and of the tokens. */
export const LIST_FIELDS = Object.keys(LISTS) as ListField[];
export const ONE_FIELDS = Object.keys(ONES) as OneField[];
const NARROWING: readonly (keyof PayoutsSearch)[] = ['filter', ...LIST_FIELDS, ...ONE_FIELDS, 'q'];

/** The longest value of one parameter of the address, as routes/search.ts keeps it and saved views take it. */
export const LONGEST_VALUE = 200;
/** What stands for a part of the address that was no short text: it means nothing in any field. */
const UNREADABLE = '?';

/**
 * The narrowing parameters that `kept` lost although the address named them: nonsense is kept as a value without meaning,
 * so that the desk can say that it was left out. A list that shows more than it was asked for must not look as asked.
 */
export function keepUnreadable(raw: Record<string, unknown>, kept: PayoutsSearch): PayoutsSearch {
  const lost = NARROWING.filter((name) => kept[name] === undefined && raw[name] !== undefined && raw[name] !== '');
  return { ...kept, ...Object.fromEntries(lost.map((name) => [name, UNREADABLE])) };
}

/** The question that an address asks. What it names and nobody knows is left out and listed in `ignored`. */
export function readQuestion(search: PayoutsSearch): PayoutsQuestion {
  const ignored: Ignored[] = [];
  const where: Record<string, unknown> = {};
  for (const name of LIST_FIELDS) {
    const asked = (search[name] ?? '').split(',').filter(Boolean);
    const known = [...new Set(asked.filter(LISTS[name]))];
    for (const value of asked) if (!LISTS[name](value)) ignored.push({ name, value });
    if (known.length > 0) where[name] = known;
  }
  for (const name of ONE_FIELDS) {
    const value = search[name];
    if (!value) continue;
    if (ONES[name](value)) where[name] = value;
    else ignored.push({ name, value });
  }
  const text = search.q?.trim();
  if (text === UNREADABLE) ignored.push({ name: 'q', value: text });
  else if (text) where.text = text;
  const filter = FILTERS.find((one) => one === search.filter);
  if (search.filter && !filter) ignored.push({ name: 'filter', value: search.filter });
  return {
    filter: filter ?? 'open',
    where: where as PayoutWhere,
    sort: readSort(search.sort, filter ?? 'open'),
    grouped: search.group === 'cause',
    ignored,
  };
}

/** The part of an address that asks this question: what `readQuestion` reads back as the same. */
export function writeQuestion({ filter, where, sort, grouped }: PayoutsQuestion): PayoutsSearch {
  const usual = defaultSort(filter);
  const { text, ...rest } = where;
  return {
    ...(filter === 'open' ? {} : { filter }),
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
    ...(text ? { q: text } : {}),
    ...(sort.by === usual.by && sort.direction === usual.direction ? {} : { sort: writeSort(sort) }),
    ...(grouped ? { group: 'cause' } : {}),
  };
}

/** What the list, its count, its groups and its bulk runs are asked with: always the same, so none is broader. */
export function askedOf({ filter, where }: PayoutsQuestion): { filter: PayoutFilter; where?: PayoutWhere } {
  return Object.keys(where).length > 0 ? { filter, where } : { filter };
}

/** The address's change that adds or takes away one value of a field; an empty text takes the field away. */
export function toggled({ where }: PayoutsQuestion, name: ListField, value: string): PayoutsSearch {
  const had: readonly string[] = where[name] ?? [];
  return { [name]: (had.includes(value) ? had.filter((one) => one !== value) : [...had, value]).join(',') };
}

/** The address's change that takes every narrowing away, but leaves the quick filter, order, columns and view. */
export function withoutWhere(): PayoutsSearch {
  return Object.fromEntries([...LIST_FIELDS, ...ONE_FIELDS, 'q'].map((name) => [name, '']));
}

/** A filter nobody asked for otherwise: what waits longest comes first where waiting is the point. */
function defaultSort(filter: PayoutFilter): PayoutSort {
  return filter === 'stuck' ? { by: 'since', direction: 'asc' } : { by: 'created', direction: 'desc' };
}

function readSort(text: string | undefined, filter: PayoutFilter): PayoutSort {
  const name = text?.startsWith('-') ? text.slice(1) : text;
  const by = SORTS.find((one) => one === name);
  return by ? { by, direction: text?.startsWith('-') ? 'desc' : 'asc' } : defaultSort(filter);
}

/** `-amount` is the amount, descending. */
export function writeSort({ by, direction }: PayoutSort): string {
  return direction === 'desc' ? `-${by}` : by;
}

/**
 * An amount as a person writes it, in the writing of the address: `1.000,50` in Turkish and `1,000.50` in English are both
 * `1000.50`. Null for what is no amount, also where the separators contradict the language.
 */
export function readAmount(typed: string, language: 'en' | 'tr'): string | null {
  const [group, decimal] = language === 'tr' ? ['\\.', ','] : [',', '\\.'];
  const text = typed.trim();
  if (!new RegExp(`^(\\d+|\\d{1,3}(${group}\\d{3})+)(${decimal}\\d{1,4})?$`).test(text)) return null;
  const plain = text
    .replace(new RegExp(group, 'g'), '')
    .replace(',', '.')
    .replace(/^0+(?=\d)/, '');
  return ONES.min(plain) ? plain : null;
}
