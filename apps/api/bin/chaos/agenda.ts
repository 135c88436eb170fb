import { type Random, randomOf } from '../../../../prisma/seed/prng.ts';

/** Processes that are killed. */
export const VICTIMS = ['worker-1', 'worker-2', 'api-1', 'api-2', 'sandbox'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Connections that go through a proxy of ours. */
export const LINKS = ['clients-api', 'processes-provider', 'provider-webhooks', 'processes-postgres'] as const;
export type Link = (typeof LINKS)[number];

export type Strike = { atMs: number } & (
  | { kind: 'kill'; victim: Victim; downMs: number }
  | { kind: 'restart_postgres'; mode: 'fast' | 'immediate' }
  /** Every open connection of the link is reset. */
  | { kind: 'cut'; link: Link }
  /** Nothing passes for a while; then all of it does, late. */
  | { kind: 'stall'; link: Link; ms: number }
  /** Nobody listens for a while: connecting is refused. */
  | { kind: 'refuse'; link: Link; ms: number }
  /** The kill switch is off for a while. */
  | { kind: 'switch_off'; ms: number }
  /** Up to that many unanswered attempts become a day older, and the provider forgets their keys. */
  | { kind: 'expire_keys'; most: number }
);

/**
 * The longest that any strike or delay holds a request back, ms. What is called settled in these runs (keys that expire) is
 * older than the sum of everything that can hold a request back, as the product's own settling time presumes of a network.
 */
export const LONGEST_HOLD_MS = 3_000;

/** What strikes when, from the beginning of the run: a function of the seed and the length alone. Sorted by time. */
export function agendaOf(seed: number, lengthMs: number): Strike[] {
  const random = randomOf(`chaos agenda ${seed}`);
  const strikes: Strike[] = [
    // Each run has each kind of fault at least once, whatever the dice say.
    ...VICTIMS.map((victim) => ({ ...kill(random), victim, atMs: moment(random, lengthMs) })),
    { kind: 'restart_postgres', mode: 'immediate', atMs: moment(random, lengthMs) },
    { kind: 'restart_postgres', mode: 'fast', atMs: moment(random, lengthMs) },
    { kind: 'switch_off', ms: random.int(1_000, 4_000), atMs: moment(random, lengthMs) },
    ...LINKS.map((link) => ({ kind: 'cut' as const, link, atMs: moment(random, lengthMs) })),
    ...[0.35, 0.6, 0.85].map((part) => ({ kind: 'expire_keys' as const, most: 20, atMs: Math.floor(part * lengthMs) })),
  ];
  for (let atMs = 1_500; atMs < lengthMs; atMs += random.int(1_200, 3_600)) strikes.push({ ...any(random), atMs });
  return strikes.toSorted((a, b) => a.atMs - b.atMs);
}

function moment(random: Random, lengthMs: number): number {
  return random.int(Math.min(1_000, lengthMs), lengthMs);
}

/** A strike without its time. `Omit` alone would forget which fields belong to which kind. */
type Timeless<S> = S extends Strike ? Omit<S, 'atMs'> : never;

function kill(random: Random): Timeless<Extract<Strike, { kind: 'kill' }>> {
  return { kind: 'kill', victim: random.pick(VICTIMS), downMs: random.int(0, 2_000) };
}

function any(random: Random): Timeless<Strike> {
  const hold = () => random.int(300, LONGEST_HOLD_MS);
  return random.weighted<() => Timeless<Strike>>([
    [() => kill(random), 40],
    [() => ({ kind: 'cut', link: random.pick(LINKS) }), 25],
    [() => ({ kind: 'stall', link: random.pick(LINKS), ms: hold() }), 20],
    [() => ({ kind: 'refuse', link: random.pick(LINKS), ms: hold() }), 10],
    [() => ({ kind: 'switch_off', ms: hold() }), 5],
    [() => ({ kind: 'restart_postgres', mode: random.pick(['fast', 'immediate'] as const) }), 5],
  ])();
}

/** What becomes of one connection. */
export interface Fate {
  /** How long it waits before it is connected, ms. */
  delayMs: number;
  /** It is reset once so many bytes have gone to the server; null for never. */
  dieAfterSent: number | null;
  /** It is reset once the server has answered so many bytes, none of which beyond that arrive; null for never. */
  dieAfterAnswered: number | null;
}

export const CALM: Fate = { delayMs: 0, dieAfterSent: null, dieAfterAnswered: null };

/** The fate of a link's `n`th connection: a function of the seed, the link and the number alone. */
export function fateOf(seed: number, link: Link, n: number): Fate {
  const random = randomOf(`chaos connection ${seed} ${link} ${n}`);
  const delayMs = random.chance(0.05) ? random.int(20, LONGEST_HOLD_MS) : 0;
  const { rate, bytes } = HARM[link];
  const how = random.next();
  return {
    delayMs,
    dieAfterSent: how < rate / 3 ? random.int(0, bytes) : null,
    // The worst moment of all: the request was carried out, and its answer is lost at the first byte.
    dieAfterAnswered: how >= rate / 3 && how < rate ? random.int(0, random.chance(0.6) ? 1 : bytes) : null,
  };
}

/** The share of connections that die, and among how many first bytes. Database connections live long and talk much. */
const HARM: Record<Link, { rate: number; bytes: number }> = {
  'clients-api': { rate: 0.1, bytes: 600 },
  'processes-provider': { rate: 0.06, bytes: 900 },
  'provider-webhooks': { rate: 0.08, bytes: 600 },
  'processes-postgres': { rate: 0.25, bytes: 200_000 },
};

/** The provider's faults by rate; `apps/psp-sandbox/README.md` says what each does. */
export const PROVIDER_FAULTS: Readonly<Record<string, number>> = {
  timeout_before: 0.02,
  timeout_after: 0.04,
  'timeout_after,webhook_late': 0.01,
  timeout_after_without_webhook: 0.02,
  server_error_before: 0.02,
  server_error_after: 0.03,
  'server_error_after,webhook_dropped': 0.01,
  connection_dropped_before: 0.02,
  connection_dropped_after: 0.03,
  garbled_answer: 0.02,
  slow_answer: 0.02,
  reject_account_closed: 0.01,
  balance_insufficient_once: 0.02,
  rate_limit_once: 0.02,
  fail_account_closed: 0.01,
  fail_could_not_process_once: 0.02,
  webhook_dropped: 0.03,
  webhook_twice: 0.03,
  webhook_late: 0.03,
  webhook_reordered: 0.03,
  'webhook_twice,webhook_reordered': 0.02,
  paid_then_returned: 0.02,
};
