import { balanceChange, clearingOf, type Entry, IN_FLIGHT, walletOf } from '../../ledger/journal.ts';
import { anAttempt, aPayout } from '../../testing/payout-samples.ts';
import { type Attempt, isSettled, isUnanswered, OPEN_ATTEMPT } from '../attempt.ts';
import { canMove, moveEntry, type Payout, type PayoutStatus, requestEntry } from '../payout.ts';
import { type Answer, isOutdated, toAsked } from '../provider-answer.store.ts';
import { replayWindowMs } from '../provider-rules.ts';
import { type ProviderMove, providerMove } from '../provider-state.ts';
import { decideRetry, type RetryFacts, type RetryPlan } from '../retry-safety.ts';
import { AUTOMATIC_ATTEMPTS, automaticRetryAt } from '../retry-schedule.ts';
import { believed, decideSend, type SendOutcome, type SendStep } from '../send-step.ts';
import type { PayoutSystem, Seen } from './payout-system.ts';
import type { News } from './provider-truth.ts';

/**
 * The product without its database: every decision is the real noun's, only the rows are kept in memory. Thousands of lives of
 * a payout a second; that the verbs do the same is what the run on PostgreSQL is for.
 */
export class MemoryPayouts implements PayoutSystem {
  private payout: Payout;
  private readonly attempts: Attempt[] = [];
  private readonly balances = new Map<string, bigint>();
  private readonly events = new Map<string, { providerPayoutId: string; at: Date; outcome: string }>();
  private on = true;

  constructor(now: Date) {
    this.payout = aPayout({ attemptCount: 0, createdAt: now, statusAt: now });
    this.post(requestEntry(this.payout));
    this.mint(now, false);
  }

  async see(): Promise<Seen> {
    return { payout: this.payout, attempts: this.attempts };
  }

  async startSend(attemptId: string, now: Date): Promise<SendStep> {
    const attempt = this.find(attemptId);
    const decided = decideSend(this.payout, attempt, this.facts(now));
    if (decided.step === 'ask') {
      this.save(attempt, { status: 'unknown' });
      if (this.payout.status === 'sending') this.move('unconfirmed', now);
    }
    if (decided.step === 'send') {
      this.save(attempt, {
        status: 'sending',
        firstSentAt: attempt.firstSentAt ?? now,
        lastSentAt: now,
        sendCount: attempt.sendCount + 1,
      });
      if (this.payout.status === 'queued') this.move('sending', now);
    }
    return decided;
  }

  async recordOutcome(attemptId: string, outcome: SendOutcome, now: Date): Promise<void> {
    const attempt = this.find(attemptId);
    if (attempt.status !== 'sending') return;
    const said = believed(attempt, outcome);
    switch (said.kind) {
      case 'accepted': {
        const move = providerMove(this.payout, attempt, { status: said.status, code: null, at: now });
        if (move.kind !== 'move') throw new Error(`${this.payout.status} cannot follow ${said.status}`);
        this.save(attempt, { status: move.attempt, providerPayoutId: said.providerPayoutId, code: move.code });
        this.move(move.to, now, move.code);
        return;
      }
      case 'rejected':
      case 'not_sent':
        this.save(attempt, {
          status: said.kind,
          code: said.kind === 'rejected' ? said.code : said.reason,
        });
        this.move('failed', now, said.kind === 'rejected' ? said.code : 'provider_unreachable');
        this.schedule(attemptId, now);
        return;
      case 'unknown':
        this.save(attempt, { status: 'unknown', code: said.reason });
        this.move('unconfirmed', now);
    }
  }

  async recordAnswer(attemptId: string, answer: Answer, askedAt: Date, now: Date, look: boolean): Promise<void> {
    const attempt = this.find(attemptId);
    if (!isOutdated(attempt, askedAt)) this.save(attempt, { lastAskedAt: askedAt, lastAnswer: toAsked(answer) });
    if (answer.kind === 'found') {
      const said = { status: answer.status, code: answer.code, at: askedAt };
      this.follow(attempt, providerMove(this.payout, attempt, said), answer.providerPayoutId, now);
      return;
    }
    const open = isUnanswered(attempt) && ['sending', 'unconfirmed'].includes(this.payout.status);
    if (look || answer.kind !== 'absent' || !open || !isSettled(attempt, askedAt)) return;
    if (this.payout.status === 'sending') this.move('unconfirmed', now);
    if (this.facts(now).earlierMoved) {
      this.save(attempt, { status: 'unknown' });
      return;
    }
    const age = attempt.firstSentAt ? now.getTime() - attempt.firstSentAt.getTime() : Number.POSITIVE_INFINITY;
    if (age < replayWindowMs(this.payout.provider)) {
      const often = attempt.sendCount >= AUTOMATIC_ATTEMPTS;
      this.save(attempt, often ? { status: 'unknown' } : { status: 'ready', queuedAt: now });
      return;
    }
    this.save(attempt, { status: 'absent' });
    this.move('queued', now);
    if (this.payout.attemptCount < AUTOMATIC_ATTEMPTS) this.mint(now, true);
  }

  async recordEvent(news: News, now: Date): Promise<void> {
    const attempt =
      this.attempts.find((one) => one.providerPayoutId === news.providerPayoutId) ??
      this.attempts.find((one) => one.id === news.attemptId);
    if (!attempt || this.events.has(news.eventId)) return;
    const known = attempt.providerPayoutId !== null && attempt.providerPayoutId !== news.providerPayoutId;
    if (known || attempt.id !== news.attemptId) return;
    const newer = [...this.events.values()].some(
      (event) => event.outcome === 'applied' && event.providerPayoutId === news.providerPayoutId && event.at > news.at,
    );
    const move: ProviderMove = newer
      ? { kind: 'stale' }
      : providerMove(this.payout, attempt, { status: news.status, code: news.code, at: news.at });
    this.events.set(news.eventId, {
      providerPayoutId: news.providerPayoutId,
      at: news.at,
      outcome: move.kind === 'move' || move.kind === 'settled' ? 'applied' : move.kind,
    });
    this.follow(attempt, move, news.providerPayoutId, now);
  }

  async retry(now: Date): Promise<RetryPlan | null> {
    const { verdict } = decideRetry(this.payout, this.facts(now));
    return verdict === 'safe' || verdict === 'check_first' ? this.carryOut(now, false) : null;
  }

  async retryByItself(attemptId: string, now: Date): Promise<RetryPlan | null> {
    const last = this.attempts.at(-1);
    if (this.payout.status !== 'failed' || last?.id !== attemptId || last.nextRetryAt === null) return null;
    return decideRetry(this.payout, this.facts(now)).verdict === 'safe' ? this.carryOut(now, true) : null;
  }

  async hold(now: Date): Promise<void> {
    if (this.payout.status !== 'queued') return;
    this.cancelWaiting();
    this.move('held', now);
  }

  async cancel(now: Date): Promise<void> {
    if (!canMove(this.payout.status, 'canceled')) return;
    this.cancelWaiting();
    this.move('canceled', now);
  }

  async switchPayouts(on: boolean): Promise<void> {
    this.on = on;
  }

  async ledger() {
    const held = (account: string) => this.balances.get(account) ?? 0n;
    return {
      wallet: held(walletOf(this.payout.partyId)),
      inFlight: held(IN_FLIGHT),
      clearing: held(clearingOf(this.payout.provider)),
    };
  }

  private carryOut(now: Date, automatic: boolean): RetryPlan {
    const { plan } = decideRetry(this.payout, this.facts(now));
    const last = this.attempts.at(-1);
    if (plan === null) throw new Error('nothing to carry out');
    if (plan === 'new_attempt' || !last) {
      if (last && isUnanswered(last)) {
        this.save(last, { status: 'absent' });
        if (this.payout.status === 'sending') this.move('unconfirmed', now);
      } else if (last) this.save(last, { nextRetryAt: null });
      this.mint(now, automatic);
      this.move('queued', now);
      this.payout = { ...this.payout, failureCode: null };
    } else if (plan !== 'ask_provider') {
      this.save(last, { status: 'ready', queuedAt: now });
    }
    return plan;
  }

  private follow(attempt: Attempt, move: ProviderMove, providerPayoutId: string, now: Date): void {
    if (move.kind === 'settled') this.save(attempt, { status: move.attempt, code: move.code });
    if (move.kind === 'move') {
      this.save(attempt, { status: move.attempt, code: move.code, providerPayoutId });
      this.move(move.to, now, move.code);
      this.schedule(attempt.id, now);
    }
    if (move.kind === 'conflict') {
      if (move.hold) {
        this.cancelWaiting();
        this.move('held', now);
      }
      if (move.attempt) this.save(attempt, { status: move.attempt, providerPayoutId });
    }
  }

  private schedule(attemptId: string, now: Date): void {
    const attempt = this.find(attemptId);
    const nextRetryAt = automaticRetryAt(this.payout, attempt, now);
    if (nextRetryAt) this.save(attempt, { nextRetryAt });
  }

  private cancelWaiting(): void {
    const last = this.attempts.at(-1);
    if (last?.status === 'ready') this.save(last, { status: 'canceled' });
  }

  private facts(now: Date): RetryFacts {
    return {
      now,
      lastAttempt: this.attempts.at(-1) ?? null,
      earlierMoved: this.attempts.slice(0, -1).some(({ status }) => status === 'accepted' || status === 'paid'),
      payoutsOn: this.on,
      overrideOpen: false,
      hold: null,
      replayWindowMs: replayWindowMs(this.payout.provider),
    };
  }

  private mint(now: Date, automatic: boolean): void {
    // As the partial unique index of the database says.
    if (this.attempts.some(({ status }) => OPEN_ATTEMPT.has(status))) throw new Error('a second open attempt');
    const no = this.attempts.length + 1;
    const id = `01930000-0000-7000-8000-${no.toString().padStart(12, '0')}`;
    this.attempts.push(anAttempt({ id, no, providerKey: `at_${no}`, queuedAt: now, createdAt: now, automatic }));
    this.payout = { ...this.payout, attemptCount: no };
  }

  /** Without a code the payout keeps the one that it has. */
  private move(to: PayoutStatus, now: Date, failureCode: string | null = this.payout.failureCode): void {
    if (to === this.payout.status) return;
    const entry = moveEntry(this.payout, this.payout.status, to);
    if (entry) this.post(entry);
    this.payout = { ...this.payout, status: to, statusAt: now, failureCode, ...(to === 'paid' ? { paidAt: now } : {}) };
  }

  private post({ lines }: Entry): void {
    for (const line of lines) {
      this.balances.set(line.account, (this.balances.get(line.account) ?? 0n) + balanceChange(line));
    }
  }

  private find(id: string): Attempt {
    const attempt = this.attempts.find((one) => one.id === id);
    if (!attempt) throw new Error(`no attempt ${id}`);
    return attempt;
  }

  private save({ id }: Attempt, set: Partial<Attempt>): void {
    const at = this.attempts.findIndex((one) => one.id === id);
    this.attempts[at] = { ...this.find(id), ...set };
  }
}
