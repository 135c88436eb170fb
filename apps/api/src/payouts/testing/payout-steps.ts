import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time.ts';
import { IN_FLIGHT_MS, OPEN_ATTEMPT } from '../attempt.ts';
import type { Answer } from '../provider-answer.store.ts';
import type { SendOutcome } from '../send-step.ts';
import type { PayoutSystem, Seen } from './payout-system.ts';
import { FATES, type ProviderTruth } from './provider-truth.ts';

/** What is so, beside the product: the provider's books, the clock, and what is still under way between the two. */
export interface Model {
  now: Date;
  truth: ProviderTruth;
  /** Outcomes of sends that their workers have not recorded yet. */
  onTheWire: { attemptId: string; outcome: SendOutcome }[];
  /** Answers that were given and are not recorded yet. */
  answers: { attemptId: string; askedAt: Date; answer: Answer; look: boolean }[];
}

type Step = (model: Model, system: PayoutSystem) => Promise<void>;

/** The newest is 0: what happens mostly happens to what is under way. */
const pick = <T>(items: readonly T[], which: number): T | undefined =>
  items.toReversed()[which % Math.max(1, items.length)];

/** A job sends an attempt (any: jobs run late and twice); its outcome is recorded at once, later, or never: the worker died. */
const send =
  (which: number, fate: (typeof FATES)[number], records: 'now' | 'later' | 'never'): Step =>
  async (model, system) => {
    const attempt = pick((await system.see()).attempts, which);
    if (!attempt || (await system.startSend(attempt.id, model.now)).step !== 'send') return;
    const outcome = model.truth.request(attempt.id, attempt.providerKey, fate, model.now);
    if (records === 'now') await system.recordOutcome(attempt.id, outcome, model.now);
    if (records === 'later') model.onTheWire.push({ attemptId: attempt.id, outcome });
  };

/** A worker that was slow writes down what it got, within the two minutes that it has. */
const record =
  (which: number): Step =>
  async (model, system) => {
    const slow = pick(model.onTheWire, which);
    if (!slow) return;
    model.onTheWire = model.onTheWire.filter((one) => one !== slow);
    await system.recordOutcome(slow.attemptId, slow.outcome, model.now);
  };

/** Somebody asks about an attempt that was sent; the answer is written down at once or later. */
const ask =
  (which: number, said: 'truth' | 'no_answer', look: boolean, later: boolean): Step =>
  async (model, system) => {
    const sent = (await system.see()).attempts.filter(({ firstSentAt }) => firstSentAt !== null);
    const attempt = pick(sent, which);
    if (!attempt) return;
    const answer: Answer = said === 'truth' ? model.truth.answer(attempt.id) : { kind: 'no_answer', reason: 'timeout' };
    if (later) model.answers.push({ attemptId: attempt.id, askedAt: model.now, answer, look });
    else await system.recordAnswer(attempt.id, answer, model.now, model.now, look);
  };

const recordAnswer =
  (which: number): Step =>
  async (model, system) => {
    const given = pick(model.answers, which);
    if (!given) return;
    model.answers = model.answers.filter((one) => one !== given);
    await system.recordAnswer(given.attemptId, given.answer, given.askedAt, model.now, given.look);
  };

/** Any piece of news, first, again, or long after. */
const deliver =
  (which: number): Step =>
  async (model, system) => {
    const news = pick(model.truth.news, which);
    if (news) await system.recordEvent(news, model.now);
  };

const settle =
  (which: number, to: 'in_transit' | 'paid' | 'failed', code: string): Step =>
  async (model) =>
    model.truth.settle(which, to, code, model.now);

const retryByItself =
  (which: number): Step =>
  async (model, system) => {
    const attempt = pick((await system.see()).attempts, which);
    if (attempt) await system.retryByItself(attempt.id, model.now);
  };

/** The clock goes on. Nothing stays on the wire longer than a call may take. */
const pass =
  (ms: number): Step =>
  async (model) => {
    model.now = new Date(model.now.getTime() + ms);
    model.truth.passUntil(model.now);
    if (ms >= IN_FLIGHT_MS / 2) model.onTheWire = [];
  };

/** What must hold after every step, whatever came before. */
export async function assertSafe(model: Model, system: PayoutSystem): Promise<void> {
  const seen = await system.see();
  const { payout, attempts } = seen;
  const fail = (what: string) => {
    throw new Error(`${what}: payout ${payout.status}, attempts ${attempts.map(({ status }) => status).join(', ')}`);
  };
  if (model.truth.out > 1) fail('paid twice');
  if (attempts.filter(({ status }) => OPEN_ATTEMPT.has(status)).length > 1) fail('two open attempts');
  if (attempts.length !== payout.attemptCount) fail('an attempt that was not counted');
  if (new Set(attempts.map(({ providerKey }) => providerKey)).size !== attempts.length) fail('one key twice');
  if (!statusAgrees(seen)) fail('payout and attempt contradict each other');
  // What we have given back is not out, unless the provider told us so and a person has it.
  const believedGone = attempts.some(({ status }) => status === 'accepted' || status === 'paid');
  const news = model.truth.payouts.filter(({ status }) => status !== 'failed');
  if (payout.status === 'failed' && news.length > 0 && !believedGone)
    fail('failed here, moving there, and nobody knows');
  const { wallet, inFlight, clearing } = await system.ledger();
  const amount = payout.amount.minor;
  const expected = MONEY[payout.status](amount);
  if (wallet !== expected[0] || inFlight !== expected[1] || clearing !== expected[2]) {
    fail(`the ledger holds ${wallet} / ${inFlight} / ${clearing}`);
  }
}

/** What the ledger holds by status: the wallet's change, in flight, and the provider's. */
const MONEY: Record<Seen['payout']['status'], (amount: bigint) => readonly [bigint, bigint, bigint]> = {
  queued: (amount) => [-amount, amount, 0n],
  held: (amount) => [-amount, amount, 0n],
  sending: (amount) => [-amount, amount, 0n],
  unconfirmed: (amount) => [-amount, amount, 0n],
  in_transit: (amount) => [-amount, amount, 0n],
  returned: (amount) => [-amount, amount, 0n],
  paid: (amount) => [-amount, 0n, -amount],
  failed: () => [0n, 0n, 0n],
  canceled: () => [0n, 0n, 0n],
};

function statusAgrees({ payout, attempts }: Seen): boolean {
  const last = attempts.at(-1)?.status ?? 'none';
  switch (payout.status) {
    case 'sending':
      // "ready": it was lost on the wire, and waits to go out again under its key.
      return last === 'sending' || last === 'ready';
    case 'unconfirmed':
      return ['unknown', 'ready', 'sending'].includes(last);
    case 'in_transit':
      return last === 'accepted';
    case 'paid':
      return last === 'paid';
    case 'returned':
      return last === 'returned';
    default:
      // Waiting, stopped or ended: nothing of the last attempt is on the wire or unanswered.
      return !['sending', 'unknown'].includes(last);
  }
}

/** One step of the model, for fast-check. */
export class Act implements fc.AsyncCommand<Model, PayoutSystem> {
  private readonly name: string;
  private readonly step: Step;
  constructor(name: string, step: Step) {
    this.name = name;
    this.step = step;
  }
  check() {
    return true;
  }
  /** The step without the look at what came of it: others may be under way. */
  async only(model: Model, system: PayoutSystem) {
    await this.step(model, system);
  }
  async run(model: Model, system: PayoutSystem) {
    await this.only(model, system);
    await assertSafe(model, system);
  }
  toString() {
    return this.name;
  }
}

const which = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 7 }) });
const named = (name: string, step: Step, ...args: unknown[]) => new Act(`${name}(${args.join(', ')})`, step);

/** Everything that can happen to a payout, and how often it does. */
const STEPS: readonly [number, fc.Arbitrary<Act>][] = [
  [
    6,
    fc
      .tuple(
        which,
        fc.constantFrom(...FATES),
        fc.constantFrom('now' as const, 'now' as const, 'later' as const, 'never' as const),
      )
      .map((args) => named('send', send(...args), ...args)),
  ],
  [1, which.map((at) => named('record', record(at), at))],
  [
    5,
    fc
      .tuple(
        which,
        fc.constantFrom('truth' as const, 'truth' as const, 'no_answer' as const),
        fc.boolean(),
        fc.boolean(),
      )
      .map((args) => named('ask', ask(...args), ...args)),
  ],
  [2, which.map((at) => named('recordAnswer', recordAnswer(at), at))],
  [2, which.map((at) => named('deliver', deliver(at), at))],
  [
    2,
    fc
      .tuple(
        which,
        fc.constantFrom('in_transit' as const, 'paid' as const, 'failed' as const),
        fc.constantFrom('insufficient_funds', 'no_account'),
      )
      .map((args) => named('settle', settle(...args), ...args)),
  ],
  [5, fc.constant(0).map(() => named('retry', async (model, system) => void (await system.retry(model.now))))],
  [2, which.map((at) => named('retryByItself', retryByItself(at), at))],
  [0.3, fc.constant(0).map(() => named('hold', (model, system) => system.hold(model.now)))],
  [0.3, fc.constant(0).map(() => named('cancel', (model, system) => system.cancel(model.now)))],
  [0.6, fc.constantFrom(true, true, false).map((on) => named('switch', (_, system) => system.switchPayouts(on), on))],
  [
    6,
    fc
      .constantFrom(SECOND_MS, 45 * SECOND_MS, 2 * MINUTE_MS, HOUR_MS, DAY_MS - 3 * MINUTE_MS, DAY_MS)
      .map((ms) => named('pass', pass(ms), ms)),
  ],
];

const weighted = (steps: typeof STEPS) =>
  fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight: weight * 10, arbitrary })));

/** A life of a payout: its steps, for `fc.asyncModelRun`. */
export function payoutLife(steps: { atLeast: number; atMost: number }): fc.Arbitrary<Act[]> {
  return fc.array(weighted(STEPS), { minLength: steps.atLeast, maxLength: steps.atMost, size: 'max' });
}

/** Steps that happen at the same time: the clock, which is the last of all steps, stands still meanwhile. */
export function payoutRace(steps: { atLeast: number; atMost: number }): fc.Arbitrary<Act[]> {
  const atOnce = weighted(STEPS.slice(0, -1));
  return fc.array(atOnce, { minLength: steps.atLeast, maxLength: steps.atMost, size: 'max' });
}
