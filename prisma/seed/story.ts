import type { Money } from '../../apps/api/src/core/money.ts';
import {
  type AccountCode,
  balancedEntry,
  clearingOf,
  credit,
  debit,
  type Entry,
} from '../../apps/api/src/ledger/journal.ts';
import { type AskedAnswer, type Attempt, nextCheck } from '../../apps/api/src/payouts/attempt.ts';
import { failureCodeRule } from '../../apps/api/src/payouts/failure-codes.ts';
import type { TimelineKind } from '../../apps/api/src/payouts/payout.store.ts';
import { moveEntry, type Payout, type PayoutStatus, requestEntry } from '../../apps/api/src/payouts/payout.ts';
import { replayWindowMs } from '../../apps/api/src/payouts/provider-rules.ts';
import { type ProviderState, providerMove } from '../../apps/api/src/payouts/provider-state.ts';
import { decideRetry } from '../../apps/api/src/payouts/retry-safety.ts';
import { deadlines } from '../../apps/api/src/payouts/stuck.ts';
import { FIRST_STUCK_POLICY } from '../../apps/api/src/payouts/stuck-policy.ts';
import { type DemoPerson, MACHINE_NAME } from './people.ts';
import type { Random } from './prng.ts';
import { type ProviderNews, rawEvent, STATUS_OF_EVENT } from './provider-news.ts';
import type { PayoutWish } from './requests.ts';
import {
  type AtProvider,
  type FileQuirks,
  newAttempt,
  newPayout,
  type PersonAct,
  type PostedEntry,
  type TimelineLine,
} from './story-parts.ts';

// The labels under which the product's own jobs act (payouts.tasks.ts, webhooks.http.ts).
const SENDER = 'payout.send';
const CHECKER = 'payout.check';
const WEBHOOK = 'stripe webhook';

/** After how many sends of one attempt the product asks no more by itself (record-provider-answer.ts). */
const SENDS_AT_MOST = 5;

interface Change {
  at: Date;
  kind: TimelineKind;
  actor: string;
  attempt?: Attempt;
  data?: Record<string, unknown>;
  set?: Partial<Payout>;
}

/**
 * One payout as it lives through the product. Each method is what a verb of apps/api/src/payouts does, by the same rules
 * (transitions, entries, deadlines, what follows from the provider's word, retry safety), so that no story can tell what
 * the product would refuse. Moments go forward and never past `now`; the methods throw Error otherwise.
 */
export class PayoutStory {
  readonly random: Random;
  readonly now: Date;
  payout: Payout;
  readonly attempts: Attempt[] = [];
  readonly timeline: TimelineLine[] = [];
  readonly entries: PostedEntry[] = [];
  readonly news: ProviderNews[] = [];
  readonly atProvider: AtProvider[] = [];
  readonly acts: PersonAct[] = [];
  readonly quirks: FileQuirks = {};
  #clock: Date;

  constructor(random: Random, now: Date, wish: PayoutWish, at: Date, requestedBy: string = MACHINE_NAME) {
    this.random = random;
    this.now = now;
    this.#clock = at;
    this.payout = newPayout(random.uuid(at), wish, at, requestedBy);
    const entryId = this.#post(requestEntry(this.payout), at);
    this.#line({ at, kind: 'requested', actor: requestedBy, data: { entryId } }, null, 'queued');
  }

  /** The last attempt. Throws when there is none yet. */
  get attempt(): Attempt {
    const last = this.attempts.at(-1);
    if (!last) throw new Error('The payout has no attempt.');
    return last;
  }

  /** What the provider has of the last attempt. Throws when it has nothing. */
  get truth(): AtProvider {
    const truth = this.atProvider.find((one) => one.attemptId === this.attempt.id);
    if (!truth) throw new Error('The attempt never reached the provider.');
    return truth;
  }

  mint(at: Date, requestedBy = this.payout.requestedBy, proof: unknown = { code: 'never_sent' }): void {
    const [no, previousId] = [this.attempts.length + 1, this.attempts.at(-1)?.id ?? null];
    const by = { no, previousId, requestedBy, proof };
    this.attempts.push(newAttempt(this.random.uuid(this.#tick(at)), this.payout, at, by));
    this.payout = { ...this.payout, attemptCount: no };
  }

  startSend(at: Date): void {
    const { attempt, payout } = this;
    const send = attempt.sendCount + 1;
    const firstSentAt = attempt.firstSentAt ?? at;
    Object.assign(attempt, { status: 'sending', firstSentAt, lastSentAt: at, sendCount: send, nextCheckAt: null });
    const data = { attemptNo: attempt.no, providerKey: attempt.providerKey, send };
    const to = payout.status === 'queued' ? 'sending' : payout.status;
    this.#move(to, { at, kind: 'send_started', actor: SENDER, attempt, data });
  }

  /** The attempt is at the provider and its money moved, whether we heard of it or not. */
  reached(status: AtProvider['status'] = 'in_transit', amount: Money = this.payout.amount): void {
    const sentAt = this.attempt.lastSentAt ?? this.#clock;
    const createdAt = new Date(sentAt.getTime() + 150);
    const id = `po_1S${this.random.letters(22)}`;
    const attemptId = this.attempt.id;
    this.atProvider.push({ id, attemptId, createdAt, amount, status, failureCode: null, settlesAt: null });
  }

  /** The provider's answer: it has taken the payout. */
  accepted(at: Date): void {
    const { attempt, truth } = this;
    const providerPayoutId = truth.id;
    Object.assign(attempt, { status: 'accepted', providerPayoutId, answeredAt: at, code: null, nextCheckAt: null });
    const data = { attemptNo: attempt.no, providerPayoutId };
    const set = { providerPayoutId, failureCode: null };
    this.#move('in_transit', { at, kind: 'accepted', actor: SENDER, attempt, data, set });
  }

  rejected(at: Date, code: string): void {
    const { attempt } = this;
    const message = failureCodeRule(this.payout.provider, code).meaning;
    Object.assign(attempt, { status: 'rejected', code, message, answeredAt: at });
    const data = { attemptNo: attempt.no, code, message };
    this.#move('failed', { at, kind: 'rejected', actor: SENDER, attempt, data, set: { failureCode: code } });
  }

  neverLeft(at: Date): void {
    const { attempt } = this;
    const reason = 'connection_refused';
    const message = 'connect ECONNREFUSED';
    Object.assign(attempt, { status: 'not_sent', code: reason, message, answeredAt: at });
    const data = { attemptNo: attempt.no, reason };
    const set = { failureCode: 'provider_unreachable' };
    this.#move('failed', { at, kind: 'never_left', actor: SENDER, attempt, data, set });
  }

  answerLost(at: Date, reason: LostBy): void {
    const { attempt } = this;
    const nextCheckAt = nextCheck(attempt.checkCount, at);
    Object.assign(attempt, { status: 'unknown', code: reason, message: LOST_BY[reason], nextCheckAt });
    const data = { attemptNo: attempt.no, reason, nextCheckAt };
    this.#move('unconfirmed', { at, kind: 'answer_lost', actor: SENDER, attempt, data });
  }

  /** The provider was asked about the last attempt: `found` tells its truth. */
  asked(at: Date, said: 'found' | 'absent' | string): void {
    const { attempt, payout } = this;
    const answer = this.#answer(said);
    const move = answer.kind === 'found' ? providerMove(payout, attempt, this.#state(answer, at)) : null;
    const counts = payout.status !== 'in_transit' || (payout.expectedBy !== null && payout.expectedBy <= at);
    const checkCount = attempt.checkCount + (counts ? 1 : 0);
    Object.assign(attempt, { lastAskedAt: at, lastAnswer: answer, checkCount, nextCheckAt: null });
    const line = { at, actor: CHECKER, attempt };
    if (move?.kind === 'move') {
      const { id: providerPayoutId, status } = this.truth;
      Object.assign(attempt, {
        status: move.attempt,
        providerPayoutId,
        code: move.code,
        answeredAt: at,
        checkCount: 0,
      });
      const data = { status, providerPayoutId, code: move.code };
      const set = { providerPayoutId, failureCode: move.code };
      this.#move(move.to, { ...line, kind: 'healed', data, set });
      return;
    }
    const sentOften = attempt.sendCount >= SENDS_AT_MOST;
    if (answer.kind === 'absent' && !sentOften) {
      Object.assign(attempt, { status: 'ready', queuedAt: at });
      const data = { answer: 'absent', scanned: SCANNED, plan: 'resend_same_key' };
      this.#move('unconfirmed', { ...line, kind: 'asked', data });
      return;
    }
    attempt.nextCheckAt = counts && answer.kind !== 'absent' ? nextCheck(checkCount, at) : null;
    const told = {
      found: { status: answer.status },
      absent: { scanned: SCANNED, why: 'sent_often' },
      no_answer: { reason: answer.detail },
    }[answer.kind];
    const data = { answer: answer.kind, ...told, nextCheckAt: attempt.nextCheckAt };
    this.#line({ ...line, kind: 'asked', data }, null, null);
  }

  /** Every check that was due by now, each with the same answer; the next one, if any, is still to come. */
  keepAsking(said: 'found' | string): void {
    for (;;) {
      const { nextCheckAt } = this.attempt;
      const at = nextCheckAt && new Date(nextCheckAt.getTime() + this.random.int(300, 1_900));
      if (!at || at > this.now) return;
      this.asked(at, said);
    }
  }

  #answer(said: string): AskedAnswer {
    if (said === 'absent') return { kind: 'absent', detail: `${SCANNED} scanned` };
    if (said !== 'found') return { kind: 'no_answer', detail: said };
    return { kind: 'found', status: this.truth.status, code: this.truth.failureCode };
  }

  #state(answer: AskedAnswer, at: Date): ProviderState {
    return { status: answer.status as ProviderState['status'], code: answer.code ?? null, at };
  }

  /** An event of the provider's arrived: followed when it is news, kept in any case. */
  told(type: ProviderNews['type'], occurredAt: Date, at: Date, timesReceived = 1): void {
    const { attempt, payout, truth } = this;
    const occurred = new Date(Math.floor(occurredAt.getTime() / 1000) * 1000);
    const code = type === 'payout.failed' ? truth.failureCode : null;
    const newer = this.news.some((one) => one.outcome === 'applied' && one.occurredAt > occurred);
    const state = { status: STATUS_OF_EVENT[type], code, at: occurred };
    const move = newer ? { kind: 'stale' as const } : providerMove(payout, attempt, state);
    if (move.kind !== 'move' && move.kind !== 'stale') throw new Error(`An event would be a ${move.kind}.`);
    const providerEventId = `evt_1S${this.random.letters(22)}`;
    this.news.push({
      id: this.random.uuid(this.#tick(at)),
      providerEventId,
      type,
      providerPayoutId: truth.id,
      payoutId: payout.id,
      occurredAt: occurred,
      receivedAt: at,
      raw: rawEvent({ providerEventId, type, occurredAt: occurred, payout, attempt, truth }),
      outcome: move.kind === 'move' ? 'applied' : 'stale',
      timesReceived,
    });
    if (move.kind === 'stale') return;
    const heard = { status: move.attempt, code: move.code, providerPayoutId: truth.id, answeredAt: at };
    Object.assign(attempt, { ...heard, checkCount: 0, nextCheckAt: null });
    const data = { type, providerEventId, occurredAt: occurred, code: move.code };
    const set = { providerPayoutId: truth.id, failureCode: move.code };
    this.#move(move.to, { at, kind: 'provider_event', actor: WEBHOOK, attempt, data, set });
  }

  /** The provider's fee, as it was agreed with us. */
  charged(at: Date, fee: Money): void {
    const lines = [debit('fees' as AccountCode, fee), credit(clearingOf(this.payout.provider), fee)];
    this.#post(balancedEntry('adjustment', 'provider fee', lines), this.#tick(at));
  }

  hold(at: Date, by: DemoPerson, reason: string): void {
    const last = this.attempts.at(-1);
    if (last?.status === 'ready') last.status = 'canceled';
    this.#move('held', { at, kind: 'held', actor: by.name, data: { reason }, set: { holdReason: reason } });
    this.acts.push({ at, by, act: 'payout.held', before: { status: 'queued' }, after: { status: 'held' }, reason });
  }

  assign(at: Date, by: DemoPerson): void {
    const before = { assigneeId: this.payout.assigneeId };
    this.payout = { ...this.payout, assigneeId: by.id };
    this.#line({ at, kind: 'assigned', actor: by.name, data: { to: by.name } }, null, null);
    this.acts.push({ at, by, act: 'payout.assigned', before, after: { assigneeId: by.id }, reason: null });
  }

  /** A person has the provider asked. */
  requestCheck(at: Date, by: DemoPerson): void {
    const { attempt } = this;
    this.#line({ at, kind: 'check_requested', actor: by.name, attempt }, null, null);
    const after = { attempt: attempt.no };
    this.acts.push({ at, by, act: 'payout.check_requested', before: undefined, after, reason: null });
  }

  /** A person retries. Throws when the product would refuse it, or would only ask. */
  retry(at: Date, by: DemoPerson): void {
    const { payout, attempt: last } = this;
    const { verdict, code, plan, proof } = decideRetry(payout, {
      now: at,
      lastAttempt: last,
      earlierMoved: false,
      payoutsOn: true,
      overrideOpen: false,
      hold: null,
      replayWindowMs: replayWindowMs(payout.provider),
    });
    if (verdict !== 'safe') throw new Error(`A retry would be ${verdict}: ${code}.`);
    const isNew = plan === 'new_attempt';
    if (isNew) this.mint(at, by.name, { code, plan, ...proof });
    else Object.assign(last, { status: 'ready', queuedAt: at, proof: { code, plan, ...proof } });
    const { attempt } = this;
    const names = { attemptNo: attempt.no, providerKey: attempt.providerKey };
    const set = { lastRetriedBy: by.id, ...(isNew ? { failureCode: null } : {}) };
    const change = {
      at,
      kind: 'retry_requested' as const,
      actor: by.name,
      attempt,
      data: { plan, code, ...names },
      set,
    };
    this.#move(isNew ? 'queued' : payout.status, change);
    const before = { status: payout.status, version: payout.version, attempt: last.no };
    const after = { plan, code, attempt: attempt.no, providerKey: attempt.providerKey, proof };
    this.acts.push({ at, by, act: 'payout.retried', before, after, reason: null });
  }

  #move(to: PayoutStatus, change: Change): void {
    const { payout } = this;
    const { at } = change;
    const moved = to !== payout.status;
    const entry = moved ? moveEntry(payout, payout.status, to) : null;
    const entryId = entry && this.#post(entry, this.#tick(at));
    this.payout = {
      ...payout,
      ...change.set,
      ...(moved ? { status: to, statusAt: at, ...deadlines(FIRST_STUCK_POLICY, payout.rail, to, at) } : {}),
      ...(moved && to === 'paid' ? { paidAt: at } : {}),
      version: payout.version + 1,
    };
    const data = { ...change.data, ...(entryId ? { entryId } : {}) };
    this.#line({ ...change, data }, moved ? payout.status : null, moved ? to : null);
  }

  #post(entry: Entry, at: Date): string {
    const id = this.random.uuid(at);
    this.entries.push({ id, entry, payoutId: this.payout.id, at });
    return id;
  }

  #line({ at, kind, actor, attempt, data = {} }: Change, from: PayoutStatus | null, to: PayoutStatus | null): void {
    this.timeline.push({ at: this.#tick(at), kind, from, to, attemptId: attempt?.id ?? null, actor, data });
  }

  #tick(at: Date): Date {
    if (at < this.#clock || at > this.now) {
      throw new Error(`A story goes forward, never past now: ${this.#clock.toISOString()} → ${at.toISOString()}.`);
    }
    this.#clock = at;
    return at;
  }
}

export type LostBy = keyof typeof LOST_BY;
const LOST_BY = {
  timeout: 'No complete answer within 30000 ms.',
  server_error: 'HTTP 500: An unknown error occurred.',
  connection_lost: 'The connection was closed (ECONNRESET).',
} as const;

/** How many payouts the provider listed when it did not have the one that was asked for. */
const SCANNED = 212;
