import { randomBytes } from 'node:crypto';
import { randomOf } from '../../../../prisma/seed/prng.ts';
import type { Db } from '../../src/runtime/db.ts';
import { agendaOf, LONGEST_HOLD_MS, type Strike } from './agenda.ts';
import { check, type Findings, type Snapshot } from './checker.ts';
import { askForPayouts, type ClientsAnswer } from './clients.ts';
import { furnish } from './database.ts';
import { expireKeys } from './expire-keys.ts';
import { type Operator, type OperatorTally, setPayouts, signIn, work } from './operators.ts';
import { settle } from './settle.ts';
import { takeSnapshot } from './snapshot.ts';
import { type Stack, setFaults, startStack } from './stack.ts';

export interface ChaosOptions {
  payouts: number;
  seed: number;
  /** The longest that the run may take in all, minutes. */
  minutes: number;
  /** Switches the rule "unknown never mints a new attempt" off. */
  unsafe: boolean;
  /** Where everything of the run is kept. */
  folder: string;
  say: (line: string) => void;
  /** Told how to stop everything, as soon as there is something to stop. */
  started: (stop: () => Promise<void>) => void;
}

export interface ChaosResult {
  findings: Findings;
  /** How many payouts are in the database. */
  payouts: number;
  seconds: number;
}

/** How long faults strike, ms: long enough for each kind, and for the payouts to pass at a pace that two cores keep. */
function strikeMs(payouts: number): number {
  return Math.max(25_000, payouts * 45);
}

const UNSAFE_SETTLE_MS = 30_000;

/** One run: payouts are asked for while the agenda of the seed strikes; then all settles, and the checker reads the books. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const startedAt = Date.now();
  const { seed, say } = options;
  const until = startedAt + options.minutes * 60_000;
  const stack = await startStack(options);
  options.started(stack.stop);
  let db = stack.database.open();
  try {
    const password = randomBytes(12).toString('base64url');
    await furnish(db, { password, apiKey: stack.apiKey, now: new Date() });
    const operators = await signInBoth(stack, seed, password);
    say(`started in ${seconds(startedAt)} s`);

    const reopen = async (restart: () => Promise<void>) => {
      await db.end();
      await restart();
      db = stack.database.open();
    };
    const { clients, tally } = await storm(stack, options, until, operators, { db: () => db, reopen });
    say(`asked for in ${clients.sent} requests: ${clients.accepted.length} answers; ${told(tally)}`);

    for (const link of Object.values(stack.links)) link.calm();
    await setFaults(stack.sandboxUrl, { seed, rates: {} });
    await setPayouts(operators[0], true, 'the storm is over');
    // A build that breaks its rules may never come to rest, and has to be seen, not waited for.
    const settleUntil = options.unsafe ? Math.min(until, Date.now() + UNSAFE_SETTLE_MS) : until;
    const left = await settle(operators, { db, sandboxUrl: stack.sandboxUrl, until: settleUntil, say });
    if (left.moving.length > 0)
      say(`still moving: ${left.moving.map(({ id, status }) => `${id} ${status}`).join(', ')}`);

    const snapshot = await takeSnapshot(db, stack.sandboxUrl, clients);
    say(summary(snapshot, stack));
    const findings = check(snapshot);
    findings.lost.push(...clients.givenUp.map((key) => `${key}: no answer until the end`));
    return { findings, payouts: snapshot.payouts.length, seconds: Number(seconds(startedAt)) };
  } finally {
    await db.end();
    await stack.stop();
  }
}

/** The way to our database while it is restarted under everybody's feet. */
interface Door {
  db: () => Db;
  reopen: (restart: () => Promise<void>) => Promise<void>;
}

/** Clients, operators and the agenda, all at once; ends when every client has its answers and the agenda is through. */
async function storm(
  stack: Stack,
  { payouts, seed, say }: ChaosOptions,
  until: number,
  operators: readonly [Operator, Operator],
  door: Door,
): Promise<{ clients: ClientsAnswer; tally: OperatorTally }> {
  const lengthMs = strikeMs(payouts);
  const agenda = agendaOf(seed, lengthMs);
  say(`${agenda.length} strikes in ${Math.round(lengthMs / 1000)} s, seed ${seed}`);
  let over = false;
  const working = work(operators, door.db, seed, () => over);
  const striking = strikeAll(stack, agenda, operators, door, say);
  const clients = await askForPayouts({
    seed,
    count: payouts,
    overMs: lengthMs * 0.8,
    until,
    ports: stack.apiPorts,
    apiKey: stack.apiKey,
  });
  await striking;
  over = true;
  return { clients, tally: await working };
}

async function strikeAll(
  stack: Stack,
  agenda: readonly Strike[],
  operators: readonly [Operator, Operator],
  door: Door,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  const under: Promise<unknown>[] = [];
  // One restart of the database after the other; and one hand on the switch.
  let database: Promise<unknown> = Promise.resolve();
  let control: Promise<unknown> = Promise.resolve();
  for (const strike of agenda) {
    await sleep(startedAt + strike.atMs - Date.now());
    const { atMs, ...what } = strike;
    say(`${(atMs / 1000).toFixed(1).padStart(6)} s  ${Object.values(what).join(' ')}`);
    switch (strike.kind) {
      case 'kill':
        stack.parts[strike.victim].kill(strike.downMs);
        break;
      case 'cut':
        stack.links[strike.link].cut();
        break;
      case 'stall':
        stack.links[strike.link].stall(strike.ms);
        break;
      case 'refuse':
        under.push(stack.links[strike.link].refuse(strike.ms));
        break;
      case 'restart_postgres':
        database = database.then(() => door.reopen(() => stack.database.restart(strike.mode)));
        under.push(database);
        break;
      case 'switch_off':
        control = control.then(async () => {
          await setPayouts(operators[1], false, 'the provider is down');
          await sleep(strike.ms);
          await setPayouts(operators[0], true, 'the provider is back');
        });
        under.push(control);
        break;
      case 'expire_keys':
        under.push(
          expireKeys(door.db(), stack.sandboxUrl, strike.most).then(
            (count) => say(`          ${count} keys expired`),
            // The database is being restarted: no key has expired then, and the next such strike comes.
            () => say('          no key expired: the database was away'),
          ),
        );
        break;
    }
  }
  await Promise.all(under);
  // What was stalled last still has to pass.
  await sleep(LONGEST_HOLD_MS);
}

async function signInBoth(stack: Stack, seed: number, password: string): Promise<[Operator, Operator]> {
  const one = (email: string) =>
    signIn({
      email,
      password,
      signInPort: stack.signInPort,
      ports: stack.apiPorts,
      random: randomOf(`chaos ${email} ${seed}`),
    });
  return [await one('ops@countersign.test'), await one('ops2@countersign.test')];
}

function told({ commands, done, refused, unanswered }: OperatorTally): string {
  return `${commands} commands of operators: ${done} done, ${refused} refused, ${unanswered} without an answer`;
}

/** What the run was made of, so that one that met no fault is seen to have met none. */
function summary({ payouts, attempts, movements, bulkRuns }: Snapshot, { parts, links }: Stack): string {
  const statuses = Map.groupBy(payouts, ({ status }) => status);
  return [
    `${payouts.length} payouts (${[...statuses].map(([status, all]) => `${all.length} ${status}`).join(', ')})`,
    `${bulkRuns.length} bulk runs of ${bulkRuns.reduce((sum, { items }) => sum + items, 0)} payouts`,
    `${attempts.length} attempts, ${attempts.reduce((sum, { sendCount }) => sum + sendCount, 0)} sends, ${movements.length} movements at the provider`,
    Object.values(parts)
      .map((part) => `${part.name} started ${part.starts()}×`)
      .join(', '),
    Object.entries(links)
      .map(([link, proxy]) => `${link} ${proxy.count()} connections`)
      .join(', '),
  ].join('\n');
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
