import { expect, test } from 'vitest';
import { agendaOf, type Fate, fateOf, LINKS, LONGEST_HOLD_MS, PROVIDER_FAULTS, VICTIMS } from './agenda.ts';
import { plannedRequest } from './requests.ts';

const SEEDS = Array.from({ length: 30 }, (_, n) => n + 1);

test('a seed has one agenda, and another seed another', () => {
  expect(agendaOf(7, 60_000)).toEqual(agendaOf(7, 60_000));
  expect(agendaOf(8, 60_000)).not.toEqual(agendaOf(7, 60_000));
});

test('every agenda kills each process, restarts the database both ways, and holds nothing back for longer than it says', () => {
  for (const seed of SEEDS) {
    const agenda = agendaOf(seed, 25_000);
    const has = (wanted: object) => expect(agenda).toContainEqual(expect.objectContaining(wanted));
    for (const victim of VICTIMS) has({ kind: 'kill', victim });
    for (const link of LINKS) has({ kind: 'cut', link });
    for (const mode of ['fast', 'immediate']) has({ kind: 'restart_postgres', mode });
    has({ kind: 'switch_off' });
    has({ kind: 'expire_keys' });
    expect(agenda.map(({ atMs }) => atMs)).toEqual(agenda.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    for (const strike of agenda) {
      expect(strike.atMs).toBeLessThanOrEqual(25_000);
      if (strike.kind === 'stall' || strike.kind === 'refuse') expect(strike.ms).toBeLessThanOrEqual(LONGEST_HOLD_MS);
    }
  }
});

test('connections die on the way there, on the way back, and most of them not at all', () => {
  for (const link of LINKS) {
    const fates: Fate[] = Array.from({ length: 2_000 }, (_, n) => fateOf(1, link, n));
    expect(fates).toEqual(Array.from({ length: 2_000 }, (_, n) => fateOf(1, link, n)));
    const part = (is: (fate: Fate) => boolean) => fates.filter(is).length / fates.length;
    expect(part(({ dieAfterSent }) => dieAfterSent !== null)).toBeGreaterThan(0.01);
    // The request was carried out, and not one byte of its answer arrives.
    expect(part(({ dieAfterAnswered }) => dieAfterAnswered === 0)).toBeGreaterThan(0.005);
    expect(part((fate) => fate.dieAfterSent === null && fate.dieAfterAnswered === null)).toBeGreaterThan(0.7);
    expect(fates.every(({ delayMs }) => delayMs <= LONGEST_HOLD_MS)).toBe(true);
  }
});

test('the provider’s faults leave some payouts alone', () => {
  const sum = Object.values(PROVIDER_FAULTS).reduce((a, b) => a + b, 0);
  expect(sum).toBeGreaterThan(0.3);
  expect(sum).toBeLessThan(0.8);
});

test('requests are the same in each run of a seed, and no amount is one that the sandbox reads as a fault', () => {
  const requests = Array.from({ length: 500 }, (_, n) => plannedRequest(3, n));
  expect(requests).toEqual(Array.from({ length: 500 }, (_, n) => plannedRequest(3, n)));
  expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(500);
  expect(requests.every(({ amountMinor }) => amountMinor < 666_001)).toBe(true);
});
