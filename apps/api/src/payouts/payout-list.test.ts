import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { ago } from '../testing/payout-samples.ts';
import {
  COUNT_LIMIT,
  cappedCount,
  createdBetween,
  decodeCursor,
  defaultSort,
  encodeCursor,
  PAYOUT_COLUMNS,
  PAYOUT_FILTERS,
  payoutSelectionInput,
  payoutWhereInput,
} from './payout-list.ts';

describe('what narrows a question', () => {
  const takes = (where: unknown) => payoutWhereInput.safeParse(where).success;

  test.each([
    {},
    { status: ['failed', 'returned'], level: ['late'], cause: ['no_answer'], code: ['none', 'account_closed'] },
    { rail: ['sepa'], provider: ['stripe'], currency: ['TRY'], merchant: toId('party', newUuid()), kind: 'withdrawal' },
    { owner: 'me' },
    { owner: 'nobody' },
    { owner: toId('person', newUuid()) },
    { min: '0', max: '123456789012345.123456', age: '<24h', text: 'İpek 100%' },
    { age: '>7d' },
  ])('%j is taken, and nothing of it is lost', (where) => {
    expect(payoutWhereInput.parse(where)).toEqual(where);
  });

  test.each([
    ['a field that is none', { state: ['failed'] }],
    ['a status that is none', { status: ['failed', 'lost'] }],
    ['a choice of nothing', { status: [] }],
    ['one value instead of some', { rail: 'sepa' }],
    ['a currency that is none', { currency: ['try'] }],
    ['an id of something else', { merchant: toId('payout', newUuid()) }],
    ['an owner that is nobody we know', { owner: 'them' }],
    ['an amount with a sign', { min: '-5' }],
    ['an amount with a comma', { max: '1,5' }],
    ['an age without a unit', { age: '>7' }],
    ['a text with a NUL', { text: 'a\0b' }],
    ['half a character', { text: '\ud800' }],
    ['a text without end', { text: 'x'.repeat(201) }],
  ])('%s is malformed, never no filter', (_, where) => {
    expect(takes(where)).toBe(false);
  });
});

describe('a selection', () => {
  test('of picked payouts is their uuids, each once; of something else it is malformed', () => {
    const [one, two] = [newUuid(), newUuid()];
    const ids = [toId('payout', one), toId('payout', two), toId('payout', one)];
    expect(payoutSelectionInput.parse({ ids })).toEqual({ ids: [one, two] });
    for (const wrong of [
      { ids: [] },
      { ids: [toId('party', one)] },
      { ids: [one] },
      {},
      { filter: 'most' },
      { where: {} },
    ]) {
      expect(payoutSelectionInput.safeParse(wrong).success).toBe(false);
    }
  });

  test('is picked or asked for, never both', () => {
    expect(payoutSelectionInput.safeParse({ ids: [toId('payout', newUuid())], filter: 'all' }).success).toBe(false);
    const asked = { filter: 'stuck', where: { provider: ['stripe'] } };
    expect(payoutSelectionInput.parse(asked)).toEqual(asked);
    expect(payoutSelectionInput.safeParse({ ...asked, limit: 5 }).success).toBe(false);
  });
});

describe('a cursor', () => {
  const place = fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 4 });
  const sort = fc.record({
    by: fc.constantFrom(...PAYOUT_COLUMNS),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
  });

  test('comes back as the place it was made of, and is no place of another order', () => {
    fc.assert(
      fc.property(sort, sort, place, (own, other, at) => {
        const cursor = encodeCursor(own, at);
        const wellFormed = at.map((value) => value?.toWellFormed() ?? null);
        expect(decodeCursor(own, cursor)).toEqual(wellFormed);
        if (own.by !== other.by || own.direction !== other.direction) expect(decodeCursor(other, cursor)).toBeNull();
      }),
    );
  });

  test('knows itself: any other text, or one that was changed, is none', () => {
    const own = defaultSort('all');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeCursor(own, text) === null));
    const cursor = encodeCursor(own, ['2026-11-20 10:00:00+00', newUuid()]);
    fc.assert(
      fc.property(fc.nat(cursor.length - 2), (i) => {
        const changed = cursor.slice(0, i) + (cursor[i] === 'x' ? 'y' : 'x') + cursor.slice(i + 1);
        expect(decodeCursor(own, changed)).toBeNull();
      }),
    );
  });
});

test('the stuck queue begins with what waits longest, every other with the newest', () => {
  for (const filter of PAYOUT_FILTERS) {
    expect(defaultSort(filter)).toEqual(
      filter === 'stuck' ? { by: 'since', direction: 'asc' } : { by: 'created', direction: 'desc' },
    );
  }
});

test('an age is a time of asking', () => {
  expect(createdBetween('<24h', NOW)).toEqual({ after: ago(DAY_MS), before: null });
  expect(createdBetween('>7d', NOW)).toEqual({ after: null, before: ago(7 * DAY_MS) });
  expect(createdBetween('>90h', NOW)).toEqual({ after: null, before: ago(90 * HOUR_MS) });
});

test('a number is exact until it is too large to be counted', () => {
  expect(cappedCount(0)).toEqual({ count: 0, exact: true });
  expect(cappedCount(COUNT_LIMIT)).toEqual({ count: COUNT_LIMIT, exact: true });
  expect(cappedCount(COUNT_LIMIT + 1)).toEqual({ count: COUNT_LIMIT, exact: false });
});
