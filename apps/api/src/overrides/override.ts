import type { Role } from '../core/actor.ts';
import { canonicalHash, canonicalJson } from '../core/canonical-json.ts';
import { toId } from '../core/ids.ts';
import type { Money } from '../core/money.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { type Moved, movedSince, type SubjectSnapshot } from './override-subject.ts';
import { allSeated, type Seats } from './seats.ts';

/** What an override may order. The database knows the later kinds of domain rules §4 already; the product does not offer them. */
export const OVERRIDE_KINDS = ['mark_payout_paid', 'cancel_payout', 'force_retry', 'release_hold'] as const;
export type OverrideKind = (typeof OVERRIDE_KINDS)[number];

export const OVERRIDE_STATUSES = [
  'requested',
  'approved',
  'executed',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
] as const;
export type OverrideStatus = (typeof OVERRIDE_STATUSES)[number];

/** How an override moves, and no other way (domain rules §4). Everything but the first two is where it ends. */
export const OVERRIDE_TRANSITIONS: Record<OverrideStatus, readonly OverrideStatus[]> = {
  requested: ['approved', 'rejected', 'withdrawn', 'expired', 'stale'],
  approved: ['executed', 'rejected', 'withdrawn', 'expired', 'stale'],
  executed: [],
  rejected: [],
  withdrawn: [],
  expired: [],
  stale: [],
};

/** A stored command, as it was asked for. Its content never changes; only its status does. */
export interface Override {
  /** uuid. */
  id: string;
  kind: OverrideKind;
  subjectKind: 'payout';
  /** uuid of the payout. */
  subjectId: string;
  subjectVersion: number;
  subjectSnapshot: SubjectSnapshot;
  /** The command's own input, with ids as people see them. */
  input: Record<string, string>;
  amount: Money;
  reason: string;
  /** SHA-256 of each file, in the order in which they were attached. */
  evidence: readonly string[];
  /** uuid of a person. */
  makerId: string;
  makerLabel: string;
  policyVersion: number;
  approvalsRequired: number;
  seats: Seats;
  nonce: string;
  contentHash: string;
  status: OverrideStatus;
  statusReason: string | null;
  createdAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  executedAt: Date | null;
  /** Refusal code of the last execution that could not be done; the override stays approved. */
  executionError: string | null;
  version: number;
}

/** What one checker decided. `roles` are those that they held when they signed. */
export interface Decision {
  id: string;
  checkerId: string;
  checkerLabel: string;
  roles: readonly Role[];
  decision: 'approve' | 'reject';
  reason: string | null;
  contentHash: string;
  at: Date;
}

/** The person who wants to decide. */
export interface Checker {
  id: string;
  roles: readonly Role[];
}

type Content = Pick<
  Override,
  | 'id'
  | 'kind'
  | 'subjectKind'
  | 'subjectId'
  | 'subjectVersion'
  | 'subjectSnapshot'
  | 'input'
  | 'reason'
  | 'evidence'
  | 'makerId'
  | 'policyVersion'
  | 'expiresAt'
  | 'nonce'
>;

/** Everything that an approver signs, with ids as people see them (domain rules §4, "Signing"). */
function contentOf(override: Content) {
  return {
    id: toId('override', override.id),
    kind: override.kind,
    subject: {
      kind: override.subjectKind,
      id: toId(override.subjectKind, override.subjectId),
      version: override.subjectVersion,
      snapshot: override.subjectSnapshot,
    },
    input: override.input,
    reason: override.reason,
    evidence: override.evidence,
    policy_version: override.policyVersion,
    maker: toId('person', override.makerId),
    expires_at: override.expiresAt,
    nonce: override.nonce,
  };
}

/** The RFC 8785 canonical JSON of what is signed: what "Download request" gives, so that anyone can hash it again. */
export function canonicalContent(override: Content): string {
  return canonicalJson(contentOf(override));
}

/** SHA-256, lower-case hex, of the canonical content: the fingerprint that approvers sign and that the database compares. */
export function contentHashOf(override: Content): string {
  return canonicalHash(contentOf(override));
}

const REASON_CHARACTERS = 10;

/** A reason that a stranger understands later: at least ten letters or digits, in at least two words. "." is none. */
export function decideReason(reason: string): Refusal | null {
  const words = reason.match(/[\p{L}\p{N}]+/gu) ?? [];
  const characters = words.reduce((sum, word) => sum + [...word].length, 0);
  return characters >= REASON_CHARACTERS && words.length >= 2
    ? null
    : refusal('reason_too_short', { characters: String(REASON_CHARACTERS), words: '2' });
}

export function isOpen(override: Override): boolean {
  return OVERRIDE_TRANSITIONS[override.status].length > 0;
}

/** Whether its time is over while it was still open. From the instant of expiry on, nothing may be signed or done. */
export function isExpired(override: Override, now: Date): boolean {
  return isOpen(override) && now >= override.expiresAt;
}

/** The approvals that count: of exactly this content, by others than the maker, one a person. */
export function countingApprovals(override: Override, decisions: readonly Decision[]): Decision[] {
  const seen = new Set<string>([override.makerId]);
  return decisions.filter((made) => {
    const counts =
      made.decision === 'approve' && made.contentHash === override.contentHash && !seen.has(made.checkerId);
    if (counts) seen.add(made.checkerId);
    return counts;
  });
}

/** Whether the approvals given fill every seat that is demanded. */
export function isApprovedBy(seats: Seats, approvals: readonly Pick<Decision, 'roles'>[]): boolean {
  return allSeated(
    seats,
    approvals.map((made) => made.roles),
  );
}

/**
 * Whether this person may approve now. `lastRetriedBy` is the uuid of who last retried the payout: they may not sign off
 * what their own retry led to.
 */
export function decideApproval(
  override: Override,
  decisions: readonly Decision[],
  checker: Checker,
  facts: { now: Date; lastRetriedBy: string | null },
): Refusal | null {
  const barred = decideChecker(override, decisions, checker, facts.now);
  if (barred) return barred;
  if (override.status !== 'requested') return refusal('override_not_open', { status: override.status });
  if (facts.lastRetriedBy === checker.id) return refusal('last_retrier');
  const given = countingApprovals(override, decisions).map((made) => made.roles);
  // Two approvers of one role do not fill two seats of different roles: the second must leave the other seat free.
  if (!allSeated([...given, checker.roles], override.seats)) return refusal('role_not_in_policy');
  return null;
}

/** Whether this person may reject now. An approved override can still be stopped by another checker until it is executed. */
export function decideRejection(
  override: Override,
  decisions: readonly Decision[],
  checker: Checker,
  now: Date,
): Refusal | null {
  return decideChecker(override, decisions, checker, now);
}

function decideChecker(
  override: Override,
  decisions: readonly Decision[],
  checker: Checker,
  now: Date,
): Refusal | null {
  if (!isOpen(override)) return refusal('override_not_open', { status: override.status });
  if (isExpired(override, now)) return expiredRefusal(override);
  if (checker.id === override.makerId) return refusal('self_approval');
  if (decisions.some((made) => made.checkerId === checker.id)) return refusal('already_approved');
  return null;
}

/** Whether this person may take it back: only who asked for it, and only while it is open. */
export function decideWithdrawal(override: Override, personId: string, now: Date): Refusal | null {
  if (!isOpen(override)) return refusal('override_not_open', { status: override.status });
  if (isExpired(override, now)) return expiredRefusal(override);
  return personId === override.makerId ? null : refusal('permission_missing', { permission: 'override:request' });
}

export type ExecutionVerdict =
  | { do: 'execute' }
  | { do: 'refuse'; refusal: Refusal }
  /** It ends here, for good; that is kept, not rolled back. */
  | { do: 'close'; closing: Closing };

export interface ExecutionFacts {
  now: Date;
  /** The subject as it is now; read it under its lock. */
  subject: SubjectSnapshot;
  /** What the policy in force now demands; a stricter policy binds overrides that were asked for under a milder one. */
  seatsNow: Seats;
}

/** Whether it may be done now: approvals, policy, expiry and subject are all judged again (domain rules §4). */
export function decideExecution(
  override: Override,
  decisions: readonly Decision[],
  facts: ExecutionFacts,
): ExecutionVerdict {
  const refuse = (...args: Parameters<typeof refusal>) => ({ do: 'refuse' as const, refusal: refusal(...args) });
  if (!isOpen(override)) return refuse('override_not_open', { status: override.status });
  const expired = expiryOf(override, facts.now);
  if (expired) return { do: 'close', closing: expired };
  if (contentHashOf(override) !== override.contentHash) return refuse('content_changed');
  const approvals = countingApprovals(override, decisions);
  const enough = isApprovedBy(override.seats, approvals) && isApprovedBy(facts.seatsNow, approvals);
  if (override.status !== 'approved' || !enough) return refuse('override_not_approved');
  const stale = stalenessOf(override, facts.subject);
  return stale ? { do: 'close', closing: stale } : { do: 'execute' };
}

/** How an open override ends without anybody's decision. */
export interface Closing {
  to: 'expired' | 'stale';
  /** What whoever came too late is told. */
  refusal: Refusal;
  /** For `stale`: what moved. */
  moved: Moved | null;
}

/** Its end by time; null while it is in time or closed already. */
export function expiryOf(override: Override, now: Date): Closing | null {
  return isExpired(override, now) ? { to: 'expired', refusal: expiredRefusal(override), moved: null } : null;
}

/**
 * Its end because the subject is not any more what approvers saw; the refusal names the field. What counts is the snapshot,
 * not the version of the subject's row: a line in the payout's timeline, as when its provider is asked again, bumps the
 * version and changes nothing that was signed.
 */
export function stalenessOf(override: Override, subjectNow: SubjectSnapshot): Closing | null {
  const moved = isOpen(override) ? movedSince(override.subjectSnapshot, subjectNow) : null;
  if (!moved) return null;
  const params = { field: moved.field, signed: moved.signed ?? '', now: moved.now ?? '' };
  return { to: 'stale', refusal: refusal('override_stale', params), moved };
}

function expiredRefusal(override: Override): Refusal {
  return refusal('override_expired', { at: override.expiresAt.toISOString() });
}
