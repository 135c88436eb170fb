import { DAY_MS, SECOND_MS } from '../../core/time.ts';
import type { Answer } from '../provider-answer.store.ts';
import type { ProviderState } from '../provider-state.ts';
import type { SendOutcome } from '../send-step.ts';

/** What becomes of one request on its way to the provider and back. */
export const FATES = [
  'answered',
  'refused_for_now',
  'refused_for_good',
  'never_left',
  /** It arrives, and its answer is lost. */
  'answer_lost',
  /** It is lost on its way in. */
  'request_lost',
  /** The network holds it back; it arrives later, when nobody waits for its answer any more. */
  'held_back',
] as const;
export type Fate = (typeof FATES)[number];

/** The longest that the network of the model holds a request back: less than what the product waits before an absence counts. */
const HELD_BACK_MS = 44 * SECOND_MS;

/** One payout at the provider, as its own books have it. */
export interface Truth {
  id: string;
  attemptId: string;
  key: string;
  status: Exclude<ProviderState['status'], 'canceled'>;
  code: string | null;
  since: Date;
}

/** A piece of news that the provider has sent and that the network may bring late, twice, or in any order. */
export interface News {
  eventId: string;
  attemptId: string;
  providerPayoutId: string;
  status: ProviderState['status'];
  code: string | null;
  at: Date;
}

/**
 * What is really so at the provider: which keys it has run, and what became of each. Written from Stripe's documentation, not
 * from the product: a key is replayed for 24 hours and run anew after.
 */
export class ProviderTruth {
  readonly payouts: Truth[] = [];
  readonly news: News[] = [];
  private readonly keys = new Map<string, { at: Date; answer: SendOutcome; payout: Truth | null }>();
  private heldBack: { attemptId: string; key: string; at: Date }[] = [];
  private serial = 0;

  /** How often this payout's money is out: once at most, or somebody was paid twice. */
  get out(): number {
    return this.payouts.filter(({ status }) => status !== 'failed').length;
  }

  /** A request under a key; what the caller hears of it. */
  request(attemptId: string, key: string, fate: Fate, now: Date): SendOutcome {
    const lost: SendOutcome = { kind: 'unknown', reason: 'timeout', message: '' };
    switch (fate) {
      case 'never_left':
        return { kind: 'not_sent', reason: 'connection_refused', message: '' };
      case 'request_lost':
        return lost;
      case 'held_back':
        this.heldBack.push({ attemptId, key, at: new Date(now.getTime() + HELD_BACK_MS) });
        return lost;
      case 'answer_lost':
        this.run(attemptId, key, null, now);
        return lost;
      case 'answered':
        return this.run(attemptId, key, null, now);
      case 'refused_for_now':
        return this.run(attemptId, key, 'insufficient_funds', now);
      case 'refused_for_good':
        return this.run(attemptId, key, 'account_closed', now);
    }
  }

  /** Time passes: what the network held back arrives. */
  passUntil(now: Date): void {
    const due = this.heldBack.filter(({ at }) => at <= now);
    this.heldBack = this.heldBack.filter(({ at }) => at > now);
    for (const { attemptId, key, at } of due) this.run(attemptId, key, null, at);
  }

  /** A payout at the provider goes on: paid, failed (for a cause that passes, or not), or sent back after it was paid. */
  settle(which: number, to: 'in_transit' | 'paid' | 'failed', code: string | null, now: Date): void {
    const open = this.payouts.filter(({ status }) => status !== 'failed');
    const payout = open[which % Math.max(1, open.length)];
    if (!payout || payout.status === to || (payout.status === 'paid' && to === 'in_transit')) return;
    payout.status = to;
    payout.code = to === 'failed' ? code : null;
    payout.since = now;
    this.tell(payout, now);
  }

  /** What it answers when it is asked about an attempt. */
  answer(attemptId: string): Answer {
    const known = this.payouts.find((payout) => payout.attemptId === attemptId);
    return known
      ? { kind: 'found', providerPayoutId: known.id, status: known.status, code: known.code }
      : { kind: 'absent', scanned: this.payouts.length };
  }

  private run(attemptId: string, key: string, refusal: string | null, now: Date): SendOutcome {
    const seen = this.keys.get(key);
    if (seen && now.getTime() - seen.at.getTime() < DAY_MS) {
      return seen.payout
        ? { kind: 'accepted', providerPayoutId: seen.payout.id, status: seen.payout.status }
        : seen.answer;
    }
    if (refusal) {
      const answer: SendOutcome = { kind: 'rejected', code: refusal, message: '' };
      this.keys.set(key, { at: now, answer, payout: null });
      return answer;
    }
    this.serial += 1;
    const payout: Truth = {
      id: `po_${attemptId.slice(-6)}_${this.serial}`,
      attemptId,
      key,
      status: 'pending',
      code: null,
      since: now,
    };
    this.payouts.push(payout);
    const answer: SendOutcome = { kind: 'accepted', providerPayoutId: payout.id, status: 'pending' };
    this.keys.set(key, { at: now, answer, payout });
    this.tell(payout, now);
    return answer;
  }

  private tell({ id, attemptId, status, code }: Truth, at: Date): void {
    this.news.push({
      eventId: `evt_${attemptId.slice(-6)}_${this.news.length}`,
      attemptId,
      providerPayoutId: id,
      status,
      code,
      at,
    });
  }
}
