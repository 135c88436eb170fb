import type { Actor } from '../../core/actor.ts';
import { toId } from '../../core/ids.ts';
import { Refused } from '../../core/refusal.ts';
import type { TestDatabase } from '../../testing/database.ts';
import { act, payoutIn, reread, setPayoutsOn } from '../../testing/factories.ts';
import { holdPayout } from '../hold-payout.ts';
import { type AttemptRow, attemptFromRow } from '../payout.rows.ts';
import { lastAttempt, lockPayout, movePayout, saveAttempt } from '../payout.store.ts';
import { canMove } from '../payout.ts';
import type { Answer } from '../provider-answer.store.ts';
import { recordLook } from '../record-look.ts';
import { recordProviderAnswer } from '../record-provider-answer.ts';
import { recordProviderEvent } from '../record-provider-event.ts';
import { recordSendOutcome } from '../record-send-outcome.ts';
import { retryPayout } from '../retry-payout.ts';
import type { RetryPlan } from '../retry-safety.ts';
import type { SendOutcome, SendStep } from '../send-step.ts';
import { startSend } from '../start-send.ts';
import type { PayoutSystem, Seen } from './payout-system.ts';
import type { News } from './provider-truth.ts';

/** The product itself: the real verbs on a real PostgreSQL, for one payout of its own. */
export class DatabasePayouts implements PayoutSystem {
  private readonly database: TestDatabase;
  private readonly ops: Actor;
  private readonly payoutId: string;

  private constructor(database: TestDatabase, ops: Actor, payoutId: string) {
    this.database = database;
    this.ops = ops;
    this.payoutId = payoutId;
  }

  static async open(database: TestDatabase, ops: Actor, party: string, now: Date): Promise<DatabasePayouts> {
    const { payout } = await payoutIn(database, 'queued', { party, at: now });
    return new DatabasePayouts(database, ops, payout.id);
  }

  /** The same payout over another connection. */
  on(database: TestDatabase): DatabasePayouts {
    return new DatabasePayouts(database, this.ops, this.payoutId);
  }

  async see(): Promise<Seen> {
    const { payout } = await reread(this.database, this.payoutId);
    const { rows } = await this.database.db.query<AttemptRow>(
      'SELECT * FROM attempt WHERE payout_id = $1 ORDER BY no',
      [this.payoutId],
    );
    return { payout, attempts: rows.map(attemptFromRow) };
  }

  startSend(attemptId: string, now: Date): Promise<SendStep> {
    return act(this.database, startSend, { attemptId }, { now });
  }

  async recordOutcome(attemptId: string, outcome: SendOutcome, now: Date): Promise<void> {
    await act(this.database, recordSendOutcome, { attemptId, outcome }, { now });
  }

  async recordAnswer(attemptId: string, answer: Answer, askedAt: Date, now: Date, look: boolean): Promise<void> {
    const input = { attemptId, askedAt, answer };
    if (look) await act(this.database, recordLook, input, { actor: this.ops, now });
    else await act(this.database, recordProviderAnswer, input, { now });
  }

  async recordEvent(news: News, now: Date): Promise<void> {
    const { eventId, attemptId, providerPayoutId, status, code, at } = news;
    const type = `payout.${status}`;
    const event = { provider: 'stripe', providerEventId: eventId, type, occurredAt: at, raw: '{}' };
    await act(this.database, recordProviderEvent, { ...event, providerPayoutId, attemptId, status, code }, { now });
  }

  async retry(now: Date): Promise<RetryPlan | null> {
    const { payout } = await reread(this.database, this.payoutId);
    const input = { payoutId: toId('payout', payout.id), version: payout.version };
    const done = await orRefused(act(this.database, retryPayout, input, { actor: this.ops, now }));
    return done?.plan ?? null;
  }

  async retryByItself(attemptId: string, now: Date): Promise<RetryPlan | null> {
    const input = { payoutId: toId('payout', this.payoutId), automatic: { attemptId } };
    const done = await orRefused(act(this.database, retryPayout, input, { now }));
    return done?.plan ?? null;
  }

  async hold(now: Date): Promise<void> {
    const { payout } = await reread(this.database, this.payoutId);
    const input = { payoutId: toId('payout', payout.id), version: payout.version, reason: 'looks odd' };
    await orRefused(act(this.database, holdPayout, input, { actor: this.ops, now }));
  }

  /** As an executed override does it: under the payout's lock. */
  cancel(now: Date): Promise<void> {
    return this.database.db.transaction(async (tx) => {
      const payout = await lockPayout(tx, this.payoutId);
      if (!canMove(payout.status, 'canceled')) return;
      const last = await lastAttempt(tx, payout.id);
      if (last?.status === 'ready') await saveAttempt(tx, last.id, { status: 'canceled' });
      await movePayout(tx, payout, 'canceled', { at: now, kind: 'override_executed', actorLabel: 'test' });
    });
  }

  switchPayouts(on: boolean): Promise<void> {
    return setPayoutsOn(this.database, on);
  }

  async ledger() {
    const { rows } = await this.database.db.query<{ kind: string; held: bigint }>(
      `SELECT a.kind, sum(CASE WHEN p.side = a.normal_side THEN p.amount_minor ELSE -p.amount_minor END)::bigint AS held
       FROM journal_entry e JOIN posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
       WHERE e.payout_id = $1 GROUP BY a.kind`,
      [this.payoutId],
    );
    const held = (kind: string) => rows.find((row) => row.kind === kind)?.held ?? 0n;
    return { wallet: held('wallet'), inFlight: held('payouts_in_flight'), clearing: held('psp_clearing') };
  }
}

/** Null where it was refused; any other error is thrown on. */
async function orRefused<R>(work: Promise<R>): Promise<R | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
