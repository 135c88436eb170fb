import Stripe from 'stripe';
import { MINUTE_MS } from '../../core/time.ts';
import type { LookupAnswer, PayoutQuestion } from '../connector.ts';
import { within } from './stripe-client.ts';
import { describeError } from './stripe-outcome.ts';
import { readPayout, type StripePayout } from './stripe-payout.ts';

/** How far before the first send the search begins: the two clocks may differ. */
const CLOCK_MARGIN_MS = 10 * MINUTE_MS;
const PAGE_SIZE = 100;
/** Above this many pages the answer is given up rather than waited for. */
const MOST_PAGES = 200;

/**
 * Asks Stripe about an attempt: by its id when known, else through the list. Only a list that was read to its end makes
 * it absent; whatever else happens is no answer.
 *
 * The list has no upper bound in time: a provider's clock ahead of ours would hide the newest payout, and hiding it
 * would say absent of money that moved.
 */
export async function findStripePayout(
  stripe: Stripe,
  question: PayoutQuestion,
  deadlineMs: number,
): Promise<LookupAnswer> {
  try {
    const known = question.providerPayoutId === null ? null : await retrieve(stripe, question, deadlineMs);
    return known ?? (await search(stripe, question, deadlineMs));
  } catch (error) {
    return { kind: 'no_answer', reason: describeError(error) };
  }
}

async function retrieve(stripe: Stripe, question: PayoutQuestion, deadlineMs: number): Promise<LookupAnswer | null> {
  const id = question.providerPayoutId ?? '';
  let answer: unknown;
  try {
    answer = await within(deadlineMs, stripe.payouts.retrieve(id));
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return null;
    throw error;
  }
  const payout = readPayout(answer);
  if (payout?.id !== id) return { kind: 'no_answer', reason: `The answer for ${id} was not that payout.` };
  if (payout.attemptId !== null && payout.attemptId !== question.attemptId) {
    return { kind: 'no_answer', reason: `${id} belongs to the attempt ${payout.attemptId} at the provider.` };
  }
  return found(payout);
}

async function search(stripe: Stripe, question: PayoutQuestion, deadlineMs: number): Promise<LookupAnswer> {
  const from = new Date(question.sentAt.getTime() - CLOCK_MARGIN_MS);
  const created = { gte: Math.floor(from.getTime() / 1000) };
  let after: string | undefined;
  let scanned = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = { created, limit: PAGE_SIZE, ...(after === undefined ? {} : { starting_after: after }) };
    const answer: unknown = await within(deadlineMs, stripe.payouts.list(params));
    const payouts = readPage(answer);
    if (!payouts) return { kind: 'no_answer', reason: 'The answer was not a list of payouts.' };
    scanned += payouts.rows.length;
    const match = payouts.rows.find((payout) => payout.attemptId === question.attemptId);
    if (match) return found(match);
    if (!payouts.hasMore) return { kind: 'absent', scanned, from, to: question.now };
    after = payouts.rows.at(-1)?.id;
    if (after === undefined) return { kind: 'no_answer', reason: 'The list promised more and gave nothing.' };
  }
  return { kind: 'no_answer', reason: `The provider has more than ${scanned} payouts since ${from.toISOString()}.` };
}

/** Reads one page; null unless it is a whole list of payouts that says whether more follow. */
function readPage(answer: unknown): { rows: StripePayout[]; hasMore: boolean } | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if (!('object' in answer && answer.object === 'list' && 'data' in answer && 'has_more' in answer)) return null;
  if (!Array.isArray(answer.data) || typeof answer.has_more !== 'boolean') return null;
  const rows = answer.data.map(readPayout).filter((payout) => payout !== null);
  return rows.length === answer.data.length ? { rows, hasMore: answer.has_more } : null;
}

function found(payout: StripePayout): LookupAnswer {
  const { id, status, failureCode, raw } = payout;
  return { kind: 'found', providerPayoutId: id, status, code: failureCode, raw };
}
