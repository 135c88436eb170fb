import { toId } from '../core/ids.ts';
import { startOfDay, utcDate } from '../core/time.ts';
import type { Queryable } from '../runtime/db.ts';
import { OPEN_STATUSES, type PayoutStatus, type Rail } from './payout.ts';
import { stuckCutoffs } from './stuck-cutoffs.ts';
import { currentStuckPolicy } from './stuck-policy.store.ts';
import type { StuckRules } from './stuck-policy.ts';
import { diffStuckRules, type StuckChange } from './stuck-policy-diff.ts';
import { type StuckFault, stuckFaults } from './stuck-policy-faults.ts';

type Level = 'none' | 'late' | 'stuck';

/** One status of one rail: what the badges say now, and what they would say. */
export interface WhatIfRow {
  rail: Rail;
  status: PayoutStatus;
  open: number;
  late: { before: number; after: number };
  stuck: { before: number; after: number };
}

/** A payout whose level would change. */
export interface WhatIfExample {
  id: string;
  holder: string;
  rail: Rail;
  status: PayoutStatus;
  statusAt: string;
  currency: string;
  amountMinor: string;
  before: Level;
  after: Level;
}

export interface WhatIf {
  /** What is wrong with the rules; with any, nothing else is answered. */
  faults: StuckFault[];
  /** What the rules would change of the policy in force. */
  changes: StuckChange[];
  /** Null where the rules are faulty. */
  effect: {
    open: number;
    late: { before: number; after: number };
    stuck: { before: number; after: number };
    /** What would become stuck, and what would be stuck no longer, with the sums per currency. */
    becomesStuck: { count: number; sums: { currency: string; amountMinor: string }[] };
    noLongerStuck: { count: number; sums: { currency: string; amountMinor: string }[] };
    rows: WhatIfRow[];
    examples: WhatIfExample[];
  } | null;
}

const EXAMPLES = 20;

/**
 * What proposed rules would make of the open payouts now: how many are late or stuck, and how many would be. One statement
 * over the open payouts, whatever their number (stuck-cutoffs.ts); nothing is written.
 */
export async function stuckWhatIf(on: Queryable, rules: StuckRules, now: Date): Promise<WhatIf> {
  const faults = stuckFaults(rules);
  if (faults.length > 0) return { faults, changes: [], effect: null };
  const inForce = await currentStuckPolicy(on);
  const values = [JSON.stringify(cutoffRows(rules, now)), now, timeOfDay(now)];
  const [groups, examples] = await Promise.all([
    on.query<GroupRow>(`${LEVELS} ${GROUPED}`, values),
    on.query<ExampleRow>(`${LEVELS} ${EXAMPLE_ROWS}`, values),
  ]);
  return {
    faults: [],
    changes: diffStuckRules(inForce.rules, rules),
    effect: { ...effectOf(groups.rows), examples: examples.rows.map(toExample) },
  };
}

function cutoffRows(rules: StuckRules, now: Date): Record<string, unknown>[] {
  return stuckCutoffs(rules, now).map(({ rail, status, expected, stuck }) => ({
    rail,
    status,
    late_before: expected.before,
    late_same: expected.sameDayBefore,
    stuck_before: stuck.before,
    stuck_same: stuck.sameDayBefore,
  }));
}

/** The time of day of an instant, UTC, as PostgreSQL reads it. */
function timeOfDay(at: Date): string {
  return new Date(at.getTime() - startOfDay(utcDate(at)).getTime()).toISOString().slice(11, 23);
}

const OPEN_SQL = `p.status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`;
const past = (limit: string) =>
  `(p.status_at < c.${limit}_before OR (p.status_at < c.${limit}_same AND (p.status_at AT TIME ZONE 'UTC')::time < $3::time))`;

/** Every open payout with its level as the badge says it now, and as the proposed rules would say it. */
const LEVELS = `WITH levels AS (
  SELECT p.id, p.rail, p.status, p.status_at, p.currency, p.amount_minor,
    CASE WHEN p.stuck_at < $2 THEN 'stuck' WHEN p.expected_by < $2 THEN 'late' ELSE 'none' END AS before,
    CASE WHEN ${past('stuck')} THEN 'stuck' WHEN ${past('late')} THEN 'late' ELSE 'none' END AS after
  FROM payout p LEFT JOIN jsonb_to_recordset($1::jsonb) AS c (rail text, status text, late_before timestamptz,
    late_same timestamptz, stuck_before timestamptz, stuck_same timestamptz)
    ON c.rail = p.rail AND c.status = p.status
  WHERE ${OPEN_SQL})`;

const GROUPED = `SELECT rail, status, currency, before, after, count(*) AS count, sum(amount_minor)::bigint AS minor
  FROM levels GROUP BY rail, status, currency, before, after`;

// What becomes stuck first: those are the rows that people would find in their queue.
const EXAMPLE_ROWS = `SELECT l.*, p.destination ->> 'holder' AS holder FROM (
    SELECT * FROM levels WHERE before <> after
    ORDER BY (after = 'stuck') DESC, (before = 'stuck') DESC, status_at, id LIMIT ${EXAMPLES}) l
  JOIN payout p ON p.id = l.id ORDER BY (l.after = 'stuck') DESC, (l.before = 'stuck') DESC, l.status_at, l.id`;

interface GroupRow {
  rail: Rail;
  status: PayoutStatus;
  currency: string;
  before: Level;
  after: Level;
  count: bigint;
  minor: bigint;
}

interface ExampleRow {
  id: string;
  holder: string;
  rail: Rail;
  status: PayoutStatus;
  status_at: Date;
  currency: string;
  amount_minor: bigint;
  before: Level;
  after: Level;
}

function effectOf(groups: readonly GroupRow[]): Omit<NonNullable<WhatIf['effect']>, 'examples'> {
  const rows = new Map<string, WhatIfRow>();
  const total = { open: 0, late: { before: 0, after: 0 }, stuck: { before: 0, after: 0 } };
  for (const group of groups) {
    const key = `${group.rail} ${group.status}`;
    const row = rows.get(key) ?? {
      rail: group.rail,
      status: group.status,
      open: 0,
      late: { before: 0, after: 0 },
      stuck: { before: 0, after: 0 },
    };
    rows.set(key, row);
    for (const one of [row, total]) {
      one.open += Number(group.count);
      for (const when of ['before', 'after'] as const) {
        const level = group[when];
        if (level !== 'none') one[level][when] += Number(group.count);
      }
    }
  }
  return {
    ...total,
    becomesStuck: sumOf(groups.filter(({ before, after }) => before !== 'stuck' && after === 'stuck')),
    noLongerStuck: sumOf(groups.filter(({ before, after }) => before === 'stuck' && after !== 'stuck')),
    rows: [...rows.values()].filter(({ late, stuck }) => late.before !== late.after || stuck.before !== stuck.after),
  };
}

function sumOf(groups: readonly GroupRow[]): { count: number; sums: { currency: string; amountMinor: string }[] } {
  const sums = new Map<string, bigint>();
  for (const { currency, minor } of groups) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  return {
    count: groups.reduce((count, group) => count + Number(group.count), 0),
    sums: [...sums].sort().map(([currency, minor]) => ({ currency, amountMinor: minor.toString() })),
  };
}

function toExample(row: ExampleRow): WhatIfExample {
  return {
    id: toId('payout', row.id),
    holder: row.holder,
    rail: row.rail,
    status: row.status,
    statusAt: row.status_at.toISOString(),
    currency: row.currency,
    amountMinor: row.amount_minor.toString(),
    before: row.before,
    after: row.after,
  };
}
