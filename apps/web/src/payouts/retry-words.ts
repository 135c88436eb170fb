import type { RefusalCode } from '@countersign/api/src/core/refusal.ts';
import type { RetryCode } from '@countersign/api/src/payouts/retry-safety.ts';
import { refusalReason, refusalText } from '../lib/failure.ts';
import type { Text } from '../lib/i18n.ts';
import { providerName } from './payout-look.ts';
import type { PayoutDetail } from './payout-wire.ts';

/** What a retry is shown by: the payout's row, and what was decided about it. */
export type RetryView = Pick<PayoutDetail, 'row' | 'retry'>;

/** Codes that say why a retry is safe, or what must be asked first; all others are refusals. */
type OpenCode = Exclude<RetryCode, RefusalCode>;

const OPEN_CODES: Record<OpenCode, true> = {
  never_sent: true,
  attempt_never_left: true,
  rejected_retryable: true,
  unanswered_in_window: true,
  provider_never_saw: true,
  unanswered_out_of_window: true,
};

function isOpen(code: RetryCode): code is OpenCode {
  return Object.hasOwn(OPEN_CODES, code);
}

/** The verdict in one line: "Safe: resend under the same key", "Not safe: money is moving". */
export function retryTitle(t: Text, { retry, row }: RetryView): string {
  const { verdict, code } = retry;
  const plan = shownPlan(retry);
  if (plan) return t(`payouts.retry.title.${plan}`, { provider: providerName(row.provider) });
  const reason = isOpen(code) ? code : refusalReason(t, { code });
  return t(verdict === 'blocked' ? 'payouts.retry.title.blocked' : 'payouts.retry.title.unsafe', { reason });
}

/** The plan as a person reads it: the first attempt of all replaces nothing, so it is a sending and not a new attempt. */
export function shownPlan({ plan, code }: PayoutDetail['retry']): PayoutDetail['retry']['plan'] {
  return plan === 'new_attempt' && code === 'never_sent' ? 'send' : plan;
}

/** The number of the attempt that a retry would send. */
export function nextNo({ plan, proof }: PayoutDetail['retry']): number {
  const last = proof.attempt?.no ?? 0;
  return plan === 'new_attempt' ? last + 1 : Math.max(1, last);
}

/** Why, in a sentence. */
export function retryWhy(t: Text, payout: RetryView, windowLength: string): string {
  const { code, proof } = payout.retry;
  if (!isOpen(code)) return refusalText(t, { code });
  return t(`payouts.retry.why.${code}`, {
    no: proof.attempt?.no ?? 1,
    window: windowLength,
    provider: providerName(payout.row.provider),
  });
}
