import type { Money } from '../../core/money.ts';
import type { PayoutInstruction, ProviderStatus } from '../connector.ts';

/** A payout object of Stripe's, narrowed to what matters here. */
export interface StripePayout {
  id: string;
  status: ProviderStatus;
  attemptId: string | null;
  failureCode: string | null;
  /** The object as it came, without the SDK's own members. */
  raw: Record<string, unknown>;
}

const STATUSES: readonly ProviderStatus[] = ['pending', 'in_transit', 'paid', 'failed', 'canceled'];

/**
 * Reads a payout object; null when the value is not one. A status that we do not know yet counts as pending: the
 * provider has the payout, and it is not over. Stripe has no status for returns: a returned payout goes from paid to
 * failed, and our side knows that it was paid before.
 */
export function readPayout(value: unknown): StripePayout | null {
  if (!isRecord(value) || value.object !== 'payout') return null;
  if (typeof value.id !== 'string' || value.id === '' || typeof value.status !== 'string') return null;
  const attemptId = isRecord(value.metadata) ? value.metadata.attempt_id : undefined;
  return {
    id: value.id,
    status: STATUSES.find((known) => known === value.status) ?? 'pending',
    attemptId: typeof attemptId === 'string' && attemptId !== '' ? attemptId : null,
    failureCode: typeof value.failure_code === 'string' ? value.failure_code : null,
    raw: { ...value },
  };
}

/** The parameters of `POST /v1/payouts`. A function of the instruction alone, since Stripe compares them on a resend. */
interface StripePayoutParams {
  amount: number;
  currency: string;
  method: 'instant' | 'standard';
  destination?: string;
  statement_descriptor?: string;
  metadata: Record<string, string>;
}

/**
 * Stripe's parameters for an instruction; null when the amount is not an exact JavaScript number, as the SDK wants it.
 * Amounts in three-decimal currencies (KWD, BHD, JOD, OMR, TND) that do not end in 0 are refused by Stripe itself, with a
 * code; rounding somebody's money here would be worse.
 */
export function payoutParams(instruction: PayoutInstruction): StripePayoutParams | null {
  const { amount: asked, rail, destinationToken, descriptor } = instruction;
  const amount = stripeAmount(asked);
  if (amount === null) return null;
  const shown = statementDescriptor(descriptor);
  return {
    amount,
    currency: asked.currency.toLowerCase(),
    method: rail === 'instant' || rail === 'card_push' ? 'instant' : 'standard',
    ...(destinationToken === '' ? {} : { destination: destinationToken }),
    ...(shown === '' ? {} : { statement_descriptor: shown }),
    // Ours come last: no creator's metadata may stand for another attempt.
    metadata: { ...instruction.metadata, payout_id: instruction.payoutId, attempt_id: instruction.attemptId },
  };
}

/**
 * An amount in Stripe's unit, which is the ISO minor unit but for two currencies: Stripe writes ISK with two decimals and
 * MGA with none (Stripe's docs, "Currencies", zero-decimal and special cases). Null when it is no exact number there.
 */
function stripeAmount({ minor, currency }: Money): number | null {
  if (currency === 'MGA' && minor % 100n !== 0n) return null;
  const units = currency === 'ISK' ? minor * 100n : currency === 'MGA' ? minor / 100n : minor;
  return units > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(units);
}

/** Letters that Unicode does not decompose into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
};

/** What fits a bank statement at Stripe: at most 22 ASCII characters, without `< > \ ' " *`. May be empty. */
export function statementDescriptor(text: string): string {
  return text
    .replace(/[ıßæÆœŒøØłŁđĐ]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/[^ -~]|[<>\\'"*]/g, '')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 22)
    .trim();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
