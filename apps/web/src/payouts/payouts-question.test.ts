import type { PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedOf,
  CAUSES,
  FILTERS,
  KINDS,
  keepUnreadable,
  LEVELS,
  type PayoutsQuestion,
  RAILS,
  readAmount,
  readQuestion,
  STATUSES,
  toggled,
  withoutWhere,
  writeQuestion,
} from './payouts-question.ts';

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const id = (prefix: string) => fc.stringMatching(/^[0-9a-z]{26}$/).map((tail) => `${prefix}_${tail}`);
const amount = fc.stringMatching(/^[1-9]\d{0,6}(\.\d{1,4})?$/);
const where: fc.Arbitrary<PayoutWhere> = fc.record(
  {
    status: some(STATUSES),
    level: some(LEVELS),
    cause: some(CAUSES),
    code: some(['account_closed', 'declined']),
    rail: some(RAILS),
    provider: some(['stripe', 'other-psp']),
    currency: some(['EUR', 'TRY', 'JPY']),
    merchant: id('pa'),
    owner: fc.oneof(fc.constantFrom('me', 'nobody'), id('us')),
    kind: fc.constantFrom(...KINDS),
    min: amount,
    max: amount,
    age: fc.stringMatching(/^[<>][1-9]\d{0,2}[hd]$/),
    text: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text && text !== '?'),
  },
  { requiredKeys: [] },
);
const question: fc.Arbitrary<PayoutsQuestion> = fc.record({
  filter: fc.constantFrom(...FILTERS),
  where,
  sort: fc.record({
    by: fc.constantFrom('amount' as const, 'created' as const, 'since' as const, 'merchant' as const),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
  }),
  grouped: fc.boolean(),
  ignored: fc.constant([]),
});

describe('the question in the address', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(question, (asked) => {
        expect(readQuestion(writeQuestion(asked))).toEqual(asked);
      }),
    );
  });

  it.each([
    [{ filter: 'stuck' }, 'stuck'],
    [{ filter: 'snoozed' }, 'snoozed'],
    [{ filter: 'toString' }, 'open'],
    [{}, 'open'],
  ])('reads %o as the filter %s', (search, filter) => {
    expect(readQuestion(search).filter).toBe(filter);
  });

  it('puts what waits longest first in the stuck queue, unless the address says otherwise', () => {
    expect(readQuestion({ filter: 'stuck' }).sort).toEqual({ by: 'since', direction: 'asc' });
    expect(readQuestion({ filter: 'stuck', sort: '-amount' }).sort).toEqual({ by: 'amount', direction: 'desc' });
    expect(readQuestion({ sort: 'nonsense' }).sort).toEqual({ by: 'created', direction: 'desc' });
  });

  it('never leaves a filter out without saying so', () => {
    const narrowing = fc.constantFrom(
      'status',
      'level',
      'cause',
      'code',
      'rail',
      'provider',
      'currency',
      'merchant',
      'owner',
      'kind',
      'min',
      'max',
      'age',
      'filter',
    );
    fc.assert(
      fc.property(narrowing, fc.string({ minLength: 1, maxLength: 30 }), (name, value) => {
        const read = readQuestion({ [name]: value });
        const values = value.split(',').filter(Boolean);
        const kept = name === 'filter' ? [read.filter] : [(read.where as Record<string, unknown>)[name] ?? []].flat();
        const said = read.ignored.map((one) => one.value);
        for (const one of name in { status: 1, level: 1, cause: 1, code: 1, rail: 1, provider: 1, currency: 1 }
          ? values
          : [value]) {
          expect(kept.includes(one as never) || said.includes(one)).toBe(true);
        }
      }),
    );
    expect(readQuestion({ status: 'paid,gone' })).toMatchObject({
      where: { status: ['paid'] },
      ignored: [{ name: 'status', value: 'gone' }],
    });
  });

  it('keeps what was no short text as a value that means nothing', () => {
    const search = keepUnreadable({ status: { a: 1 }, q: 'x'.repeat(500), rail: 'sepa', panel: 7 }, { rail: 'sepa' });
    expect(search).toEqual({ rail: 'sepa', status: '?', q: '?' });
    expect(readQuestion(search)).toMatchObject({
      where: { rail: ['sepa'] },
      ignored: [{ name: 'status' }, { name: 'q' }],
    });
  });

  it('asks the list and a bulk run the same', () => {
    expect(askedOf(readQuestion({ filter: 'failed' }))).toEqual({ filter: 'failed' });
    expect(askedOf(readQuestion({ filter: 'failed', q: 'ada', rail: 'sepa,wire' }))).toEqual({
      filter: 'failed',
      where: { text: 'ada', rail: ['sepa', 'wire'] },
    });
  });

  it('adds a value, takes it away again, and clears all of them', () => {
    const one = readQuestion({ rail: 'sepa' });
    expect(toggled(one, 'rail', 'wire')).toEqual({ rail: 'sepa,wire' });
    expect(toggled(one, 'rail', 'sepa')).toEqual({ rail: '' });
    expect(readQuestion(withoutWhere()).where).toEqual({});
  });
});

describe('readAmount', () => {
  it.each([
    ['1,000.50', 'en', '1000.50'],
    ['1.000,50', 'tr', '1000.50'],
    ['250', 'tr', '250'],
    ['007', 'en', '7'],
    [' 12.5 ', 'en', '12.5'],
  ] as const)('reads %s in %s as %s', (typed, language, amount) => {
    expect(readAmount(typed, language)).toBe(amount);
  });

  it.each([
    ['1.000,50', 'en'],
    ['1,000.50', 'tr'],
    ['1,00.5', 'en'],
    ['-5', 'en'],
    ['ten', 'en'],
    ['', 'en'],
  ] as const)('finds no amount in %s (%s)', (typed, language) => {
    expect(readAmount(typed, language)).toBeNull();
  });
});
