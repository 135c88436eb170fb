import type { Actor } from '../core/actor.ts';
import { plain } from '../core/canonical-json.ts';
import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';
import { OPEN_ATTEMPT } from './attempt.ts';
import { type AttemptRow, attemptFromRow } from './payout.rows.ts';
import type { Destination, Payout } from './payout.ts';
import { type PayoutListRow, type ReadPayout, readPayout, toListRow } from './payouts.queries.ts';
import type { RetryCode, RetryPlan, RetryProof, RetryVerdict } from './retry-safety.ts';

/** Where a payout's money is, in the order it travels. */
export interface TrailStep {
  place: 'wallet' | 'in_flight' | 'provider' | 'bank';
  /** Signed minor units that the ledger holds there for this payout; null where the ledger cannot know. */
  amountMinor: string | null;
  state: 'left' | 'here' | 'passed' | 'unknown' | 'not_yet' | 'returned';
}

export interface TimelineRow {
  id: string;
  at: string;
  kind: string;
  from: string | null;
  to: string | null;
  attemptNo: number | null;
  actor: string;
  data: Record<string, unknown>;
}

export interface AttemptDto {
  id: string;
  no: number;
  status: string;
  open: boolean;
  code: string | null;
  message: string | null;
  providerKey: string;
  providerPayoutId: string | null;
  requestedBy: string;
  createdAt: string;
  firstSentAt: string | null;
  sendCount: number;
  checkCount: number;
  lastAskedAt: string | null;
  lastAnswer: unknown;
  nextCheckAt: string | null;
  /** When the next attempt follows this one without a person. */
  nextRetryAt: string | null;
  /** Whether a job made it, without a person. */
  automatic: boolean;
  proof: unknown;
}

export interface ProviderEventDto {
  id: string;
  providerEventId: string;
  type: string;
  occurredAt: string;
  receivedAt: string;
  outcome: string;
  timesReceived: number;
  raw: string;
}

export interface PayoutDetail {
  row: PayoutListRow;
  destination: Omit<Destination, 'token'>;
  descriptor: string;
  metadata: Record<string, string>;
  requestedBy: string;
  holdReason: string | null;
  providerPayoutId: string | null;
  paidAt: string | null;
  trail: TrailStep[];
  retry: { verdict: RetryVerdict; code: RetryCode; plan: RetryPlan | null; next: string; proof: RetryProof };
  timeline: TimelineRow[];
  attempts: AttemptDto[];
  events: ProviderEventDto[];
  entries: { id: string; kind: string; description: string; postedAt: string }[];
  breaks: { id: string; type: string; risk: string; status: string; periodOn: string }[];
  overrides: { id: string; kind: string; status: string; createdAt: string; maker: string }[];
}

/** Everything that the panel and the full page show of one payout; null when there is none. */
export async function payoutDetail(on: Queryable, actor: Actor, uuid: string, now: Date): Promise<PayoutDetail | null> {
  const read = await readPayout(on, uuid, now);
  if (!read) return null;
  const { payout } = read;
  const [timeline, attempts, events, entries, breaks, overrides] = await Promise.all([
    readTimeline(on, uuid),
    readAttempts(on, uuid),
    readEvents(on, uuid),
    readEntries(on, uuid),
    readBreaks(on, uuid),
    readOverrides(on, uuid),
  ]);
  const { token: _token, ...destination } = payout.destination;
  return {
    row: toListRow(read, actor),
    destination,
    descriptor: payout.descriptor,
    metadata: payout.metadata,
    requestedBy: payout.requestedBy,
    holdReason: payout.holdReason,
    providerPayoutId: payout.providerPayoutId,
    paidAt: payout.paidAt?.toISOString() ?? null,
    trail: moneyTrail(payout),
    retry: retryDto(read),
    timeline,
    attempts,
    events,
    entries,
    breaks,
    overrides,
  };
}

/** The decision as it goes on a wire: the attempt by its public id. */
export function retryDto({ decision }: ReadPayout): PayoutDetail['retry'] {
  const { verdict, code, plan, next, proof } = decision;
  const attempt = proof.attempt && { ...proof.attempt, id: toId('attempt', proof.attempt.id) };
  return { verdict, code, plan, next, proof: { ...proof, attempt } };
}

/** Where the ledger holds the money of this payout. The bank's own step is known only from `paid` on. */
export function moneyTrail(payout: Payout): TrailStep[] {
  const { minor } = payout.amount;
  const out = (-minor).toString();
  const full = minor.toString();
  const step = (place: TrailStep['place'], state: TrailStep['state'], amountMinor: string | null): TrailStep => ({
    place,
    state,
    amountMinor,
  });
  switch (payout.status) {
    case 'queued':
    case 'held':
      return [
        step('wallet', 'left', out),
        step('in_flight', 'here', full),
        step('provider', 'not_yet', null),
        step('bank', 'not_yet', null),
      ];
    case 'sending':
    case 'unconfirmed':
      return [
        step('wallet', 'left', out),
        step('in_flight', 'here', full),
        step('provider', 'unknown', null),
        step('bank', 'not_yet', null),
      ];
    case 'in_transit':
      return [
        step('wallet', 'left', out),
        step('in_flight', 'here', full),
        step('provider', 'here', null),
        step('bank', 'not_yet', null),
      ];
    case 'paid':
      return [
        step('wallet', 'left', out),
        step('in_flight', 'passed', '0'),
        step('provider', 'passed', out),
        step('bank', 'here', full),
      ];
    case 'returned':
      return [
        step('wallet', 'left', out),
        step('in_flight', 'here', full),
        step('provider', 'returned', '0'),
        step('bank', 'returned', null),
      ];
    case 'failed':
    case 'canceled':
      return [
        step('wallet', 'returned', '0'),
        step('in_flight', 'passed', '0'),
        step('provider', 'not_yet', null),
        step('bank', 'not_yet', null),
      ];
  }
}

async function readTimeline(on: Queryable, payoutId: string): Promise<TimelineRow[]> {
  const { rows } = await on.query<{
    id: bigint;
    at: Date;
    kind: string;
    from_status: string | null;
    to_status: string | null;
    no: number | null;
    actor_label: string;
    data: Record<string, unknown>;
  }>(
    `SELECT e.id, e.at, e.kind, e.from_status, e.to_status, a.no, e.actor_label, e.data
     FROM payout_event e LEFT JOIN attempt a ON a.id = e.attempt_id WHERE e.payout_id = $1 ORDER BY e.id LIMIT 500`,
    [payoutId],
  );
  return rows.map((row) => ({
    id: row.id.toString(),
    at: row.at.toISOString(),
    kind: row.kind,
    from: row.from_status,
    to: row.to_status,
    attemptNo: row.no,
    actor: row.actor_label,
    data: publicData(row.data),
  }));
}

/** The journal entry goes by its public id, as everything that leaves us. */
function publicData({ entryId, ...data }: Record<string, unknown>): Record<string, unknown> {
  return typeof entryId === 'string' ? { ...data, entryId: toId('journal_entry', entryId) } : data;
}

async function readAttempts(on: Queryable, payoutId: string): Promise<AttemptDto[]> {
  const { rows } = await on.query<AttemptRow>('SELECT * FROM attempt WHERE payout_id = $1 ORDER BY no DESC', [
    payoutId,
  ]);
  return rows.map(attemptFromRow).map((attempt) => ({
    id: toId('attempt', attempt.id),
    no: attempt.no,
    status: attempt.status,
    open: OPEN_ATTEMPT.has(attempt.status),
    code: attempt.code,
    message: attempt.message,
    providerKey: attempt.providerKey,
    providerPayoutId: attempt.providerPayoutId,
    requestedBy: attempt.requestedBy,
    createdAt: attempt.createdAt.toISOString(),
    firstSentAt: attempt.firstSentAt?.toISOString() ?? null,
    sendCount: attempt.sendCount,
    checkCount: attempt.checkCount,
    lastAskedAt: attempt.lastAskedAt?.toISOString() ?? null,
    lastAnswer: plain(attempt.lastAnswer),
    nextCheckAt: attempt.nextCheckAt?.toISOString() ?? null,
    nextRetryAt: attempt.nextRetryAt?.toISOString() ?? null,
    automatic: attempt.automatic,
    proof: attempt.proof,
  }));
}

async function readEvents(on: Queryable, payoutId: string): Promise<ProviderEventDto[]> {
  const { rows } = await on.query<{
    id: string;
    provider_event_id: string;
    type: string;
    occurred_at: Date;
    received_at: Date;
    outcome: string;
    times_received: number;
    raw: string;
  }>('SELECT * FROM provider_event WHERE payout_id = $1 ORDER BY received_at LIMIT 200', [payoutId]);
  return rows.map((row) => ({
    id: toId('provider_event', row.id),
    providerEventId: row.provider_event_id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    outcome: row.outcome,
    timesReceived: row.times_received,
    raw: row.raw,
  }));
}

async function readEntries(on: Queryable, payoutId: string): Promise<PayoutDetail['entries']> {
  const { rows } = await on.query<{ id: string; kind: string; description: string; posted_at: Date }>(
    'SELECT id, kind, description, posted_at FROM journal_entry WHERE payout_id = $1 ORDER BY posted_at, id',
    [payoutId],
  );
  return rows.map((row) => ({
    id: toId('journal_entry', row.id),
    kind: row.kind,
    description: row.description,
    postedAt: row.posted_at.toISOString(),
  }));
}

async function readBreaks(on: Queryable, payoutId: string): Promise<PayoutDetail['breaks']> {
  const { rows } = await on.query<{ id: string; type: string; risk: string; status: string; period_on: string }>(
    'SELECT id, type, risk, status, period_on FROM recon_break WHERE payout_id = $1 ORDER BY opened_at DESC LIMIT 50',
    [payoutId],
  );
  return rows.map((row) => ({
    id: toId('break', row.id),
    type: row.type,
    risk: row.risk,
    status: row.status,
    periodOn: row.period_on,
  }));
}

async function readOverrides(on: Queryable, payoutId: string): Promise<PayoutDetail['overrides']> {
  const { rows } = await on.query<{ id: string; kind: string; status: string; created_at: Date; maker_label: string }>(
    `SELECT id, kind, status, created_at, maker_label FROM override_request
     WHERE subject_kind = 'payout' AND subject_id = $1 ORDER BY created_at DESC LIMIT 50`,
    [payoutId],
  );
  return rows.map((row) => ({
    id: toId('override', row.id),
    kind: row.kind,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    maker: row.maker_label,
  }));
}
