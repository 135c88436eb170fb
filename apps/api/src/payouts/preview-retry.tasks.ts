import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { SECOND_MS } from '../core/time.ts';
import { may } from '../identity/permission.ts';
import type { LookupAnswer, PspConnector } from '../psp/connector.ts';
import { execute } from '../runtime/operation.ts';
import type { Looking } from '../runtime/trpc.ts';
import type { Attempt } from './attempt.ts';
import { type PayoutDetail, retryDto } from './payout-detail.queries.ts';
import { type PayoutListRow, type ReadPayout, readPayout, toListRow } from './payouts.queries.ts';
import { recordLook } from './record-look.ts';

/** How long a person waits for the provider; a slower one has given "no answer", which holds nothing up. */
const LOOK_TIMEOUT_MS = 5 * SECOND_MS;

/** An answer this young is as good as a new one: people who look at the same time ask once. */
const LOOK_FRESH_MS = 5 * SECOND_MS;

/** What the retry dialog decides by. */
export type RetryPreview = PayoutDetail['retry'] & {
  row: PayoutListRow;
  /** Whether the provider was asked for this very preview; false when the answer of a moment ago is reused. */
  askedNow: boolean;
  /** Whether its answer moved the payout: the news had been lost. */
  healed: boolean;
  version: number;
};

interface Look {
  asked: boolean;
  healed: boolean;
}

const NO_LOOK: Look = { asked: false, healed: false };

/**
 * Whether a retry would be safe now: asks the provider about the last attempt when it was ever sent, with no transaction open
 * meanwhile, writes its answer down, and decides by it. Sends nothing. Throws Refused `not_found`.
 */
export async function previewRetry(
  looking: Looking,
  payoutId: string,
  timeoutMs = LOOK_TIMEOUT_MS,
): Promise<RetryPreview> {
  const before = await read(looking, payoutId);
  const look = await lookAt(looking, before, timeoutMs);
  const after = look.asked ? await read(looking, payoutId) : before;
  return {
    row: toListRow(after, looking.actor),
    ...retryDto(after),
    askedNow: look.asked,
    healed: look.healed,
    version: after.payout.version,
  };
}

async function read({ db, clock }: Looking, payoutId: string): Promise<ReadPayout> {
  const found = await readPayout(db, payoutId, clock());
  if (!found) throw new Refused('not_found', { what: 'payout' });
  return found;
}

/** Looks that are under way in this process, by attempt. Another process asks for itself, which does no harm: asking moves nothing. */
const underWay = new Map<string, Promise<Look>>();

/** Asks about the last attempt unless it never left, or was asked about a moment ago. People who look at once share one look. */
async function lookAt(looking: Looking, { payout, last }: ReadPayout, timeoutMs: number): Promise<Look> {
  if (!last?.firstSentAt || !may(looking.actor, 'payout:check') || isFresh(last, looking.clock())) return NO_LOOK;
  const shared = underWay.get(last.id);
  if (shared) return shared;
  const look = ask(looking, payout.provider, payout.amount.currency, last, timeoutMs).finally(() =>
    underWay.delete(last.id),
  );
  underWay.set(last.id, look);
  return look;
}

function isFresh({ lastAskedAt, lastSentAt, lastAnswer }: Attempt, now: Date): boolean {
  if (!lastAskedAt || !lastAnswer || (lastSentAt && lastSentAt > lastAskedAt)) return false;
  return now.getTime() - lastAskedAt.getTime() < LOOK_FRESH_MS;
}

async function ask(
  { db, actor, clock, request, connectors }: Looking,
  provider: string,
  currency: string,
  attempt: Attempt,
  timeoutMs: number,
): Promise<Look> {
  // Read before the question: what is sent while the provider answers cannot be in its answer.
  const askedAt = clock();
  const connector = Object.hasOwn(connectors, provider) ? connectors[provider] : undefined;
  const answer: LookupAnswer = connector
    ? await inTime(timeoutMs, connector, {
        attemptId: toId('attempt', attempt.id),
        providerPayoutId: attempt.providerPayoutId,
        currency,
        sentAt: attempt.firstSentAt ?? attempt.createdAt,
        now: askedAt,
      })
    : { kind: 'no_answer', reason: `This installation has no connector to the provider "${provider}".` };
  const call = { actor, now: clock(), request, idempotencyKey: null };
  const { result } = await execute(db, recordLook, call, { attemptId: attempt.id, askedAt, answer });
  return { asked: true, healed: result.healed };
}

/** The provider's answer, or "no answer" after `ms`, whatever the provider does. */
async function inTime(
  ms: number,
  connector: PspConnector,
  question: Parameters<PspConnector['findPayout']>[0],
): Promise<LookupAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LookupAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'no_answer', reason: `No answer within ${ms} ms.` }), ms);
  });
  const said = connector.findPayout(question).catch((error: unknown) => ({
    kind: 'no_answer' as const,
    reason: error instanceof Error ? error.message : String(error),
  }));
  try {
    return await Promise.race([said, late]);
  } finally {
    clearTimeout(timer);
  }
}
