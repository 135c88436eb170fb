import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { FAULTS, type Fault, faultsNamed } from './faults.ts';
import { invalidRequest } from './provider-error.ts';

/**
 * Faults by rate: `rates` gives each fault (or several with commas, as `metadata[sandbox_fault]` takes them) the share of
 * payouts that have it. Which payout has which is a function of `seed` and of the payout's identity alone, so neither the
 * order of requests nor the time of day changes it.
 */
export interface FaultSchedule {
  seed: number;
  rates: Readonly<Record<string, number>>;
}

/** What a payout is recognised by: the first of these that its metadata carries, else its idempotency key. */
const IDENTITY = ['sandbox_identity', 'payout_id', 'attempt_id'] as const;

const NONE: FaultSchedule = { seed: 0, rates: {} };

/** The schedule in force; without one no payout has a fault by chance. */
export function readSchedule(db: Database): FaultSchedule {
  const row = db.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'schedule'`);
  return row ? (JSON.parse(row.value) as FaultSchedule) : NONE;
}

/** Puts a schedule in force; it holds over restarts, until another one or a reset. */
export function keepSchedule(db: Database, schedule: FaultSchedule): void {
  db.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('schedule', ?)`, JSON.stringify(schedule));
}

export function dropSchedule(db: Database): void {
  db.run(`DELETE FROM meta WHERE name = 'schedule'`);
}

/**
 * Reads `{"seed": 7, "rates": {"timeout_after": 0.05}}`. Throws ProviderError naming what is wrong: an unknown fault, a rate
 * outside 0 to 1, or rates that are more than 1 together.
 */
export function readFaultSchedule(body: unknown): FaultSchedule {
  if (typeof body !== 'object' || body === null) throw refused('The body must be {"seed": …, "rates": {…}}.', 'rates');
  const { seed, rates, ...rest } = body as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw refused(`A schedule has no "${unknown.slice(0, 40)}".`, unknown.slice(0, 40));
  if (!Number.isSafeInteger(seed)) throw refused('seed must be a whole number.', 'seed');
  if (typeof rates !== 'object' || rates === null || Array.isArray(rates)) {
    throw refused('rates must be an object: the name of a fault and its rate.', 'rates');
  }
  let sum = 0;
  for (const [names, rate] of Object.entries(rates as Record<string, unknown>)) {
    if (faultsNamed(names, 'rates').length === 0) throw refused('A rate without the name of a fault.', 'rates');
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
      throw refused(`The rate of ${names} must be a number from 0 to 1.`, `rates[${names}]`);
    }
    sum += rate;
  }
  // A little above one is what decimals make of shares that add up to it.
  if (sum > 1 + 1e-9) throw refused(`The rates add up to ${sum}, which is more than all payouts.`, 'rates');
  return { seed: seed as number, rates: rates as Record<string, number> };
}

/** The faults that the schedule gives this payout. `key` is its idempotency key, when it has one. */
export function scheduledFaults(
  schedule: FaultSchedule,
  metadata: ReadonlyMap<string, string>,
  key: string | undefined,
): Fault[] {
  const identity = IDENTITY.map((name) => metadata.get(name)).find((value) => value !== undefined) ?? key;
  // Nothing to recognise it by: the same payout could not be told from another.
  if (identity === undefined) return [];
  let left = share(schedule.seed, identity);
  for (const [names, rate] of inOrder(schedule.rates)) {
    if (left < rate) return faultsNamed(names);
    left -= rate;
  }
  return [];
}

/** In the order of the table, so that the order in which somebody wrote the rates makes no difference. */
function inOrder(rates: FaultSchedule['rates']): [names: string, rate: number][] {
  const place = (names: string) => FAULTS.findIndex((fault) => fault.name === faultsNamed(names)[0]?.name);
  return Object.entries(rates).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** A number in [0, 1) that is the same whenever seed and identity are. */
function share(seed: number, identity: string): number {
  return createHash('sha256').update(`${seed}\n${identity}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

function refused(message: string, param: string) {
  return invalidRequest(message, { param });
}
