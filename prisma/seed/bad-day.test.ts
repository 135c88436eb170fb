import { describe, expect, it } from 'vitest';
import { STUCK_CAUSES, stuckOf } from '../../apps/api/src/payouts/stuck.ts';
import { badDay, PAYOUT_COUNT } from './bad-day.ts';
import { accountsOf, allEntries } from './ledger-rows.ts';

// The limits of the bank rails count business days, so every weekday and hour is another day for the stories: a story that
// no moment fits throws, as does one that would go past now, overdraw a wallet, or tell what the product would refuse.
describe.each([
  ['a busy Friday', '2026-11-20T10:00:00Z'],
  ['a Saturday night', '2026-11-21T03:26:00Z'],
  ['the last minute of a Sunday', '2026-11-22T23:59:30Z'],
  ['a Monday before work', '2026-11-23T04:10:00Z'],
  ['midnight of a Wednesday', '2026-12-02T00:00:00Z'],
  ['the turn of the year', '2027-01-01T00:00:01Z'],
  ['a leap day', '2028-02-29T12:34:56.789Z'],
])('on %s', (_name, iso) => {
  const now = new Date(iso);
  const { stories } = badDay(now);
  const stuck = stories.map(({ payout, attempts }) => stuckOf(payout, attempts.at(-1) ?? null, now));

  it('tells all stories, with each cause of being stuck', () => {
    expect(stories).toHaveLength(PAYOUT_COUNT);
    const causes = stuck.flatMap((one) => (one?.level === 'stuck' ? [one.cause] : []));
    expect(new Set(causes)).toEqual(new Set(STUCK_CAUSES));
    expect(causes.length).toBeGreaterThanOrEqual(40);
    expect(causes.length).toBeLessThanOrEqual(60);
    const late = stuck.filter((one) => one?.level === 'late').length;
    expect(late).toBeGreaterThanOrEqual(90);
    expect(late).toBeLessThanOrEqual(110);
  });

  it('has a few hundred in transit as they should be', () => {
    const well = stories.filter(({ payout }, at) => payout.status === 'in_transit' && stuck[at] === null);
    expect(well.length).toBeGreaterThanOrEqual(120);
    expect(well.length).toBeLessThanOrEqual(700);
  });

  it('keeps every wallet covered at every moment', () => {
    const wallets = accountsOf(allEntries(stories)).filter(({ code }) => code.startsWith('wallet:'));
    expect(wallets.length).toBeGreaterThan(250);
    expect(wallets.every(({ balanceMinor }) => balanceMinor >= 0n)).toBe(true);
  });
});

it('is the same day for the same now, and another for another', () => {
  const ids = (now: Date) => badDay(now).stories.map(({ payout }) => payout.id);
  const now = new Date('2026-11-20T10:00:00Z');
  const first = ids(now);
  expect(ids(now)).toEqual(first);
  expect(ids(new Date('2026-11-20T10:00:01Z'))).not.toEqual(first);
  expect(new Set(first).size).toBe(PAYOUT_COUNT);
});
