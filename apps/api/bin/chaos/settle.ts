import type { Db } from '../../src/runtime/db.ts';
import { type DeskRow, type Operator, readDesk } from './operators.ts';

/** What still moves. */
export interface Unrest {
  /** Payouts on their way, and refused ones of which nobody said that a retry is not safe; without those that rest. */
  moving: DeskRow[];
  /** Events of the provider's that did not arrive yet. */
  undelivered: number;
  /** Bulk runs that have not come to their end. */
  runs: number;
}

/** A payout that is still there is taken up again after this long, ms. */
const AGAIN_MS = 10_000;
/**
 * Taken up so often in one status, a payout rests there: a person has done what the product lets them, and only time will tell
 * (a 500 that the provider replays for a day). The checker asks whether it says so.
 */
const MOST_TOUCHES = 6;
/** Quiet for so long: a job that was about to run would have run. */
const QUIET_MS = 3_000;

/**
 * The faults are over: people clear the desk (retry, and ask about what is late in transit) until nothing moves, or `until`
 * (Unix ms) has passed. Returns what still moves.
 */
export async function settle(
  operators: readonly [Operator, Operator],
  look: { db: Db; sandboxUrl: string; until: number; say: (line: string) => void },
): Promise<Unrest> {
  const touches = new Map<string, { status: string; count: number; at: number }>();
  const touchesOf = (row: DeskRow) => {
    const known = touches.get(row.id);
    return known?.status === row.status ? known : { status: row.status, count: 0, at: known?.at ?? 0 };
  };
  let quietSince: number | null = null;
  for (let turn = 0; ; turn += 1) {
    const desk = await readDesk(look.db);
    const moving = desk.filter((row) => touchesOf(row).count < MOST_TOUCHES);
    const unrest = {
      moving,
      undelivered: await countUndelivered(look.sandboxUrl),
      runs: await countRuns(look.db),
    };
    const quiet = moving.length === 0 && unrest.undelivered === 0 && unrest.runs === 0;
    quietSince = quiet ? (quietSince ?? Date.now()) : null;
    if (quietSince !== null && Date.now() - quietSince >= QUIET_MS) return unrest;
    if (Date.now() > look.until) return unrest;
    if (turn % 10 === 0) {
      look.say(
        `settling: ${moving.length} payouts move, ${unrest.undelivered} events wait, ${unrest.runs} bulk runs go on`,
      );
    }

    const due = moving.filter((row) => touchesOf(row).at < Date.now() - AGAIN_MS);
    const operator = operators[turn % 2 === 0 ? 0 : 1];
    for (const group of inGroups(due.slice(0, 200), 8)) {
      await Promise.all(
        group.map(async (row) => {
          const { status, count } = touchesOf(row);
          const more = await takeUp(operator, row, count);
          touches.set(row.id, { status, count: count + more, at: Date.now() });
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Takes up one payout, for the `count`th time in its status. Returns how much nearer to rest that brought it. */
async function takeUp(operator: Operator, row: DeskRow, count: number): Promise<number> {
  const ask = () => operator.command('payouts.check', { payoutId: row.id });
  if (row.status === 'in_transit') {
    // In transit and late: the news itself may be what is missing.
    if (!row.late) return 0;
    await ask();
    return 1;
  }
  if (row.status === 'unconfirmed' && count % 3 === 2) {
    await ask();
    return 1;
  }
  const said = await operator.command('payouts.retry', { payoutId: row.id, version: row.version });
  if (said.kind === 'refused' && FINAL.has(said.code)) return row.status === 'failed' ? MOST_TOUCHES : 1;
  // Still on the wire, as far as anybody knows: to wait is all that there is.
  return said.kind === 'done' ? 1 : 0;
}

/** Refusals of a retry that no waiting changes. */
const FINAL: ReadonlySet<string> = new Set(['terminal_code', 'already_paid', 'insufficient_balance']);

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

async function countRuns(db: Db): Promise<number> {
  const { rows } = await db.query<{ n: bigint }>(
    `SELECT count(*) AS n FROM bulk_run WHERE status IN ('running', 'canceling')`,
  );
  return Number(rows[0]?.n ?? 0n);
}

async function countUndelivered(sandboxUrl: string): Promise<number> {
  const response = await fetch(`${sandboxUrl}/__sandbox/webhooks`).catch(() => null);
  // A provider that does not answer may have anything to say.
  if (!response?.ok) return 1;
  const { data } = (await response.json()) as { data: { state: string }[] };
  return data.filter(({ state }) => state === 'waiting').length;
}
