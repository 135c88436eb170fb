import { afterAll, beforeAll, expect, it } from 'vitest';
import { toId } from '../../apps/api/src/core/ids.ts';
import { startTestSandbox, type TestSandbox } from '../../apps/psp-sandbox/testing/test-sandbox.ts';
import { badDay } from './bad-day.ts';
import { loadSandbox, sandboxBooks, sandboxHasBooks } from './sandbox-books.ts';

// The sandbox has a clock of its own: what it is to settle soon must still be to come.
const day = badDay(new Date());
const { stories } = day;

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  expect(await sandboxHasBooks(sandbox.url)).toBe(false);
  await loadSandbox(sandbox.url, sandboxBooks(day));
});
afterAll(() => sandbox.stop());

const told = (of: (typeof stories)[number]) => sandbox.books(`?payout_id=${toId('payout', of.payout.id)}`);

it('has each payout once, and loads nothing the second time', async () => {
  expect(await sandboxHasBooks(sandbox.url)).toBe(true);
  expect(await loadSandbox(sandbox.url, sandboxBooks(day))).toMatchObject({ loaded: 0 });
  expect((await sandbox.books()).totals.paid_twice).toBe(0);
});

it('knows as paid what we know as paid', async () => {
  const paid = stories.filter(({ payout }) => payout.status === 'paid');
  const status = new Map(stories.flatMap(({ atProvider }) => atProvider.map((one) => [one.id, one.status])));
  expect(paid.every(({ payout }) => status.get(payout.providerPayoutId ?? '') === 'paid')).toBe(true);
  const [one] = paid;
  expect(one).toBeDefined();
  if (one) expect((await sandbox.stripe.payouts.retrieve(one.payout.providerPayoutId ?? '')).status).toBe('paid');
});

it('knows more than we do where an answer was lost: some of it moved, some of it did not', async () => {
  const unconfirmed = stories.filter(({ payout }) => payout.status === 'unconfirmed');
  const movements = await Promise.all(unconfirmed.map(async (story) => (await told(story)).movements.length));
  expect(new Set(movements)).toEqual(new Set([0, 1]));
});

it('replays the key of a payout whose answer was lost, so that a retry pays it once', async () => {
  const lost = stories.find(({ payout }) => payout.amount.minor === 4_825_000n && payout.amount.currency === 'TRY');
  expect(lost?.payout.status).toBe('unconfirmed');
  if (!lost) return;
  const again = await sandbox.stripe.payouts.create(
    { amount: 4_825_000, currency: 'try' },
    { idempotencyKey: lost.attempt.providerKey },
  );
  expect(again.id).toBe(lost.truth.id);
  expect((await told(lost)).movements).toHaveLength(1);
});

it('has moved what our books have otherwise, or not at all', async () => {
  const [stranger] = day.strangers;
  const unknown = await sandbox.stripe.payouts.retrieve(stranger?.id ?? '');
  expect(unknown).toMatchObject({ amount: Number(stranger?.amount.minor), currency: 'usd', status: 'paid' });
  const transposed = day.named.get('digits transposed');
  expect(transposed?.payout.amount.minor).toBe(418_000n);
  expect((await sandbox.stripe.payouts.retrieve(transposed?.truth.id ?? '')).amount).toBe(410_800);
});

it('has paid already what our webhooks are missing', () => {
  const missing = stories.filter(
    ({ payout, atProvider }) => payout.status === 'in_transit' && atProvider[0]?.status !== 'in_transit',
  );
  expect(missing.length).toBeGreaterThanOrEqual(6);
});

it('settles some of what is in transit within the next half hour, and leaves the rest', () => {
  const soon = sandboxBooks(day).filter((one) => one.settles_at !== null);
  expect(soon).toHaveLength(20);
  expect(soon.every((one) => one.status === 'in_transit')).toBe(true);
});

it('says why when the sandbox refuses', async () => {
  const [first] = sandboxBooks(day);
  if (!first) throw new Error('there are no books');
  await expect(loadSandbox(sandbox.url, [{ ...first, id: 'not an id' }])).rejects.toThrow('HTTP 400');
});
