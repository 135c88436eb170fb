import type { Attempt } from '../attempt.ts';
import type { Payout } from '../payout.ts';
import type { Answer } from '../provider-answer.store.ts';
import type { RetryPlan } from '../retry-safety.ts';
import type { SendOutcome, SendStep } from '../send-step.ts';
import type { News } from './provider-truth.ts';

/** One payout and its attempts, oldest first. */
export interface Seen {
  payout: Payout;
  attempts: readonly Attempt[];
}

/**
 * The product as the model plays it: one payout, every verb that a job, a person or a provider can set off, at any time and in
 * any order. Null: refused, and nothing was changed.
 */
export interface PayoutSystem {
  see(): Promise<Seen>;
  startSend(attemptId: string, now: Date): Promise<SendStep>;
  recordOutcome(attemptId: string, outcome: SendOutcome, now: Date): Promise<void>;
  /** `look`: recorded for a person who looked, which must send nothing. */
  recordAnswer(attemptId: string, answer: Answer, askedAt: Date, now: Date, look: boolean): Promise<void>;
  recordEvent(news: News, now: Date): Promise<void>;
  retry(now: Date): Promise<RetryPlan | null>;
  retryByItself(attemptId: string, now: Date): Promise<RetryPlan | null>;
  hold(now: Date): Promise<void>;
  cancel(now: Date): Promise<void>;
  switchPayouts(on: boolean): Promise<void>;
  /** What the ledger holds for the payout, minor units: back in the wallet, in flight, gone through the provider. */
  ledger(): Promise<{ wallet: bigint; inFlight: bigint; clearing: bigint }>;
}
