import { expect, it } from 'vitest';
import type { PayoutInstruction } from '../connector.ts';
import { payoutParams, readPayout, statementDescriptor } from './stripe-payout.ts';

const instruction: PayoutInstruction = {
  providerKey: 'at_1',
  attemptId: 'at_1',
  payoutId: 'po_1',
  amount: { minor: 4_825_000n, currency: 'TRY' },
  rail: 'local',
  destinationToken: 'ba_1',
  descriptor: 'Güneş İthalat A.Ş.',
  metadata: { order: '7', payout_id: 'somebody else', attempt_id: 'somebody else' },
};

it('says to Stripe what the instruction says, and never another attempt', () => {
  expect(payoutParams(instruction)).toEqual({
    amount: 4_825_000,
    currency: 'try',
    method: 'standard',
    destination: 'ba_1',
    statement_descriptor: 'Gunes Ithalat A.S.',
    metadata: { order: '7', payout_id: 'po_1', attempt_id: 'at_1' },
  });
  expect(payoutParams({ ...instruction, rail: 'instant', destinationToken: '', descriptor: '漢字' })).toEqual({
    amount: 4_825_000,
    currency: 'try',
    method: 'instant',
    metadata: { order: '7', payout_id: 'po_1', attempt_id: 'at_1' },
  });
});

it.each([
  [9_007_199_254_740_991n, 9_007_199_254_740_991],
  [9_007_199_254_740_992n, undefined],
])('%s minor units become %s', (minor, amount) => {
  expect(payoutParams({ ...instruction, amount: { minor, currency: 'IDR' } })?.amount).toBe(amount);
});

it.each([
  ['ISK', 5_000n, 500_000],
  ['MGA', 1_000_000n, 10_000],
  ['MGA', 1_000_001n, undefined],
  ['JPY', 5_000n, 5_000],
  ['KWD', 5_120n, 5_120],
  ['HUF', 1_000n, 1_000],
] as const)('%s %s in minor units is %s at Stripe, which has its own decimals for some', (currency, minor, amount) => {
  expect(payoutParams({ ...instruction, amount: { minor, currency } })?.amount).toBe(amount);
});

it.each([
  ['ACME', 'ACME'],
  ['ığüşöç İĞÜŞÖÇ', 'igusoc IGUSOC'],
  [`A"B'C<D>E\\F*G`, 'ABCDEFG'],
  ['  much   space  ', 'much space'],
  ['twenty-one characters and more', 'twenty-one characters'],
  ['Straße Łódź', 'Strasse Lodz'],
  ['漢字', ''],
])('the statement shows %j as %j', (text, shown) => {
  expect(statementDescriptor(text)).toBe(shown);
});

it('takes a status that it does not know for one that is not over', () => {
  expect(readPayout({ object: 'payout', id: 'po_1', status: 'paid' })?.status).toBe('paid');
  expect(readPayout({ object: 'payout', id: 'po_1', status: 'on_the_moon' })?.status).toBe('pending');
});
