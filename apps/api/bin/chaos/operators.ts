import { randomUUID } from 'node:crypto';
import { type Random, randomOf } from '../../../../prisma/seed/prng.ts';
import { toId } from '../../src/core/ids.ts';
import type { Db } from '../../src/runtime/db.ts';

/** A person at the console, signed in, whose commands go over the wire as the console sends them. */
export interface Operator {
  /** Sends a command once under `key`; a new key when none is given. */
  command(procedure: string, input: unknown, key?: string): Promise<CommandAnswer>;
}

export type CommandAnswer =
  | { kind: 'done'; data: unknown }
  | { kind: 'refused'; code: string }
  /** No answer, or a fault of the api's: it may have been done. */
  | { kind: 'no_answer' };

/** An open payout, as far as an operator looks. */
export interface DeskRow {
  /** `po_…` */
  id: string;
  status: string;
  version: number;
  late: boolean;
}

/** The desk: every open payout, oldest first. Whether something may be done with one is the api's to say. */
export async function readDesk(db: Db): Promise<DeskRow[]> {
  const { rows } = await db.query<DeskRow>(
    `SELECT id, status, version, expected_by < now() AS late FROM payout
     WHERE status IN ('queued', 'sending', 'unconfirmed', 'in_transit', 'failed') ORDER BY created_at, id`,
  );
  return rows.map((row) => ({ ...row, id: toId('payout', row.id) }));
}

const PATIENCE_MS = 6_000;

/** Signs in at `signInPort` and then talks to whichever of `ports` comes first to hand. */
export async function signIn(who: {
  email: string;
  password: string;
  /** An api's own port: the sign-in checks that the origin is one of its own. */
  signInPort: number;
  ports: readonly number[];
  random: Random;
}): Promise<Operator> {
  const origin = `http://127.0.0.1:${who.signInPort}`;
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: who.email, password: who.password }),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  if (!response.ok || cookie === '') throw new Error(`${who.email} could not sign in: HTTP ${response.status}`);
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    try {
      const answer = await fetch(`http://127.0.0.1:${who.random.pick(who.ports)}/trpc/${path}`, {
        ...init,
        headers: { cookie, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return (await answer.json()) as unknown;
    } catch {
      return null;
    }
  };
  return {
    command: async (procedure, input, key = randomUUID()) => {
      const body = JSON.stringify({ idempotencyKey: key, input });
      return commandAnswer(await call(procedure, { method: 'POST', body }));
    },
  };
}

function commandAnswer(answer: unknown): CommandAnswer {
  const { result, error } = (answer ?? {}) as {
    result?: { data?: unknown };
    error?: { data?: { refusal?: { code: string } | null } };
  };
  if (result !== undefined) return { kind: 'done', data: result.data };
  const code = error?.data?.refusal?.code;
  return code === undefined ? { kind: 'no_answer' } : { kind: 'refused', code };
}

/** What the operators did, for the report. */
export interface OperatorTally {
  commands: number;
  done: number;
  refused: number;
  unanswered: number;
}

/**
 * Two people at work until they are stopped: they retry whatever is open, double-click, and both take up the same payout; they
 * ask the provider and hold what has not left.
 */
export async function work(
  operators: readonly [Operator, Operator],
  db: () => Db,
  seed: number,
  isStopped: () => boolean,
): Promise<OperatorTally> {
  const tally: OperatorTally = { commands: 0, done: 0, refused: 0, unanswered: 0 };
  const random = randomOf(`chaos operators ${seed}`);
  while (!isStopped()) {
    const rows = await readDesk(db()).catch(() => []);
    const taken = Array.from({ length: Math.min(12, rows.length) }, () => random.pick(rows));
    const many = random.chance(0.2) ? rows.filter(({ status }) => status === 'unconfirmed' || status === 'failed') : [];
    await Promise.all([
      ...taken.map((row) => handle(operators, row, random, tally)),
      inBulk(operators[0], many.slice(0, MOST_IN_BULK), tally),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  return tally;
}

async function handle(
  [one, other]: readonly [Operator, Operator],
  row: DeskRow,
  random: Random,
  tally: OperatorTally,
): Promise<void> {
  const key = randomUUID();
  const retry = { payoutId: row.id, version: row.version };
  const send = (operator: Operator, procedure: string, input: unknown, withKey?: string) =>
    told(operator.command(procedure, input, withKey), tally);
  const acts: (readonly [() => Promise<unknown>, number])[] = [
    [() => send(one, 'payouts.retry', retry, key), 30],
    // A double click: one key, two requests at once, perhaps on two apis.
    [() => Promise.all([send(one, 'payouts.retry', retry, key), send(one, 'payouts.retry', retry, key)]), 25],
    [() => Promise.all([send(one, 'payouts.retry', retry), send(other, 'payouts.retry', retry)]), 25],
    [() => send(other, 'payouts.check', { payoutId: row.id }), 15],
    [() => (row.status === 'queued' ? send(one, 'payouts.hold', { ...retry, reason: 'looks odd' }) : nothing()), 5],
  ];
  await random.weighted(acts)();
}

const MOST_IN_BULK = 25;

/** Retries many at once: the preview, then a double click on its confirmation. */
async function inBulk(operator: Operator, rows: readonly DeskRow[], tally: OperatorTally): Promise<void> {
  if (rows.length === 0) return;
  const selection = { ids: rows.map(({ id }) => id) };
  const preview = await told(operator.command('bulk.preview', { act: 'retry', selection }), tally);
  if (preview.kind !== 'done') return;
  const { runId } = preview.data as { runId: string };
  const key = randomUUID();
  const confirm = () => told(operator.command('bulk.confirm', { runId, version: 1 }, key), tally);
  await Promise.all([confirm(), confirm()]);
}

async function nothing(): Promise<void> {
  // Only what has not left can be held.
}

async function told(answer: Promise<CommandAnswer>, tally: OperatorTally): Promise<CommandAnswer> {
  const said = await answer;
  tally.commands += 1;
  if (said.kind === 'done') tally.done += 1;
  else if (said.kind === 'refused') tally.refused += 1;
  else tally.unanswered += 1;
  return said;
}

/** Flips the kill switch; repeated until it is known to be so, because nobody may leave it in doubt. */
export async function setPayouts(operator: Operator, on: boolean, reason: string): Promise<void> {
  const key = randomUUID();
  for (;;) {
    const said = await operator.command('controls.set', { name: 'payouts', on, reason }, key);
    // "It is so already" ends it as well.
    if (said.kind === 'done' || (said.kind === 'refused' && said.code === 'status_forbids')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
