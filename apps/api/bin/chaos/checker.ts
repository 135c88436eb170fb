import { parseId, toId } from '../../src/core/ids.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { ACCOUNT_KINDS, accountKind, IN_FLIGHT } from '../../src/ledger/journal.ts';
import type { Attempt } from '../../src/payouts/attempt.ts';
import type { Payout, PayoutStatus } from '../../src/payouts/payout.ts';
import { decideRetry } from '../../src/payouts/retry-safety.ts';
import { deadlines, stuckOf } from '../../src/payouts/stuck.ts';
import type { StuckPolicy } from '../../src/payouts/stuck-policy.ts';
import { auditGaps } from './audit-checker.ts';
import type { Accepted } from './clients.ts';

/** One movement of money in the provider's own books, in their order. */
export interface Movement {
  direction: 'out' | 'back';
  amount: number;
  currency: string;
  /** Our `po_…`, from the metadata; null when the provider was told none. */
  payoutId: string | null;
}

export interface TimelineLine {
  payoutId: string;
  at: Date;
  kind: string;
  from: string | null;
  to: string | null;
  attemptId: string | null;
  actorLabel: string;
  entryId: string | null;
}

export interface AuditLine {
  seq: bigint;
  at: Date;
  /** `person:<uuid>`, as idempotency keys are scoped. */
  actorKey: string;
  actorLabel: string;
  act: string;
  outcome: string;
  subjectKind: string | null;
  subjectId: string | null;
  idempotencyKey: string | null;
}

export interface PostingLine {
  entryId: string;
  payoutId: string | null;
  account: string;
  currency: string;
  side: 'debit' | 'credit';
  minor: bigint;
}

/** Everything that the checker looks at, read while nothing moves. */
export interface Snapshot {
  at: Date;
  payouts: readonly Payout[];
  /** Of each payout in their order. */
  attempts: readonly Attempt[];
  /** In the order they were written. */
  timeline: readonly TimelineLine[];
  audit: readonly AuditLine[];
  postings: readonly PostingLine[];
  balances: readonly { account: string; currency: string; minor: bigint; postings: bigint }[];
  /** Idempotency keys that have a result: commands that were carried out. */
  keys: readonly { actor: string; key: string; operation: string }[];
  policies: readonly StuckPolicy[];
  payoutsOn: boolean;
  /** `open`: items without an outcome. */
  bulkRuns: readonly { id: string; status: string; items: number; open: number; counted: number }[];
  movements: readonly Movement[];
  accepted: readonly Accepted[];
  surprises: readonly string[];
}

/** What is wrong, each with the id of what it is about. All empty: nothing is. */
export interface Findings {
  paid_twice: string[];
  lost: string[];
  stuck_without_badge: string[];
  ledger_unbalanced: string[];
  audit_gaps: string[];
}

/** Holds what happened against what must never happen. Pure: a test plants each fault and sees it found. */
export function check(snapshot: Snapshot): Findings {
  return {
    paid_twice: [...paidTwice(snapshot), ...madeTwice(snapshot)],
    lost: [...lostRequests(snapshot), ...lostMoney(snapshot), ...lostItems(snapshot), ...snapshot.surprises],
    stuck_without_badge: [...stuckWithoutBadge(snapshot), ...endlessRuns(snapshot)],
    ledger_unbalanced: [...unbalancedEntries(snapshot), ...driftingBalances(snapshot), ...misplacedMoney(snapshot)],
    audit_gaps: auditGaps(snapshot),
  };
}

/**
 * Payouts whose money was out more than once at any moment. That a second payment came back later does not undo it: a
 * payout that was out twice and returned once was still paid twice.
 */
function paidTwice({ movements }: Snapshot): string[] {
  const out = new Map<string, number>();
  const twice = new Set<string>();
  for (const { payoutId, direction } of movements) {
    if (payoutId === null) continue;
    const now = (out.get(payoutId) ?? 0) + (direction === 'out' ? 1 : -1);
    out.set(payoutId, now);
    if (now > 1) twice.add(payoutId);
  }
  return [...twice].map((id) => `${id}: money out more than once at the provider`);
}

/** Requests that became two payouts: each would be paid once, and the merchant twice. */
function madeTwice({ payouts, accepted }: Snapshot): string[] {
  const byIdentity = Map.groupBy(
    payouts.filter((payout) => payout.metadata.sandbox_identity !== undefined),
    (payout) => payout.metadata.sandbox_identity,
  );
  const byKey = Map.groupBy(accepted, (one) => one.idempotencyKey);
  return [
    ...[...byIdentity]
      .filter(([, made]) => made.length > 1)
      .map(([identity, made]) => `${identity}: asked for once, exists ${made.length} times`),
    ...[...byKey]
      .filter(([, answers]) => new Set(answers.map(({ payoutId }) => payoutId)).size > 1)
      .map(([key]) => `${key}: one key was answered with two payouts`),
  ];
}

function lostRequests({ accepted, payouts }: Snapshot): string[] {
  const rows = new Map(payouts.map((payout) => [payout.id, payout]));
  return accepted.flatMap(({ payoutId, amountMinor, currency }) => {
    const row = rows.get(parseId('payout', payoutId) ?? '');
    if (!row) return [`${payoutId}: accepted, and has no row`];
    const same = row.amount.minor === BigInt(amountMinor) && row.amount.currency === currency;
    return same ? [] : [`${payoutId}: its row has another amount than was accepted`];
  });
}

/** Statuses that say the money is, or may be, with the provider. */
const MONEY_MAY_BE_OUT: ReadonlySet<PayoutStatus> = new Set(['in_transit', 'paid', 'sending', 'unconfirmed']);

/** Money that the provider moved and we say it did not, or the other way round. */
function lostMoney(snapshot: Snapshot): string[] {
  const { movements, payouts } = snapshot;
  const byPayout = Map.groupBy(movements, ({ payoutId }) => payoutId ?? '');
  const known = new Set(payouts.map((payout) => toId('payout', payout.id)));
  const strangers = [...byPayout.keys()].filter((id) => !known.has(id));
  return [
    ...strangers.map((id) => `${id || '(no id)'}: the provider moved money for a payout that is not here`),
    ...payouts.flatMap((payout) => {
      const id = toId('payout', payout.id);
      const own = byPayout.get(id) ?? [];
      const out = own.reduce((sum, { direction }) => sum + (direction === 'out' ? 1 : -1), 0);
      const other = own.some(
        ({ amount, currency }) =>
          BigInt(amount) !== payout.amount.minor || currency.toUpperCase() !== payout.amount.currency,
      );
      if (other) return [`${id}: the provider moved another amount than was asked for`];
      if (out > 0 && !MONEY_MAY_BE_OUT.has(payout.status) && !isKnownConflict(snapshot, payout)) {
        return [`${id}: ${payout.status} here, and the provider has paid it`];
      }
      if (out <= 0 && payout.status === 'paid') return [`${id}: paid here, and the provider has not paid it`];
      return [];
    }),
  ];
}

/** Whether we know that the provider contradicts us: an attempt is marked as moved, or the payout is held for it. */
function isKnownConflict({ attempts }: Snapshot, payout: Payout): boolean {
  const own = attempts.filter((attempt) => attempt.payoutId === payout.id);
  return payout.status === 'held' || own.some(({ status }) => status === 'accepted' || status === 'paid');
}

/** Items of an ended bulk run of which nobody can say what became of them. */
function lostItems({ bulkRuns }: Snapshot): string[] {
  return bulkRuns
    .filter(({ status }) => status === 'done' || status === 'canceled')
    .filter(({ open, items, counted }) => open > 0 || counted !== items)
    .map(
      ({ id, open, items, counted }) => `bulk run ${id}: ended with ${open} open items, ${counted} of ${items} counted`,
    );
}

/** Bulk runs that somebody confirmed and nobody carries on with. */
function endlessRuns({ bulkRuns }: Snapshot): string[] {
  return bulkRuns
    .filter(({ status }) => status === 'running' || status === 'canceling')
    .map(({ id, status, open }) => `bulk run ${id}: still ${status}, with ${open} open items`);
}

/** How far ahead the badges are read: by then each open payout is past every limit of the run's policy. */
const AHEAD_MS = 10 * 60_000;

/**
 * Open payouts that would go unnoticed: past their limit (computed here from the policy, not read from the row) without a
 * badge, or with one whose next step can never be taken.
 */
function stuckWithoutBadge(snapshot: Snapshot): string[] {
  const { payouts, attempts, policies } = snapshot;
  const asOf = new Date(snapshot.at.getTime() + AHEAD_MS);
  const lastOf = new Map(attempts.map((attempt) => [attempt.payoutId, attempt]));
  return payouts.flatMap((payout) => {
    const policy = policies.find(({ version }) => version === payout.stuckPolicyVersion);
    const id = toId('payout', payout.id);
    if (!policy) return [`${id}: its deadlines are of policy ${payout.stuckPolicyVersion}, which is not there`];
    const { expectedBy } = deadlines(policy, payout.rail, payout.status, payout.statusAt);
    if (expectedBy === null || expectedBy >= asOf) return [];
    const last = lastOf.get(payout.id) ?? null;
    const stops = { payoutsOn: true, hold: null, earlierMoved: earlierMoved(snapshot, payout, last) };
    const badge = stuckOf(payout, last, asOf, stops);
    if (!badge) return [`${id}: ${payout.status} beyond its limit, without a badge`];
    if (badge.next === 'retry' && !mayEverRetry(snapshot, payout, last, asOf)) {
      return [`${id}: ${payout.status}, its badge says retry, and a retry is never safe`];
    }
    return [];
  });
}

function mayEverRetry(snapshot: Snapshot, payout: Payout, last: Attempt | null, now: Date): boolean {
  const { verdict } = decideRetry(payout, {
    now,
    lastAttempt: last,
    earlierMoved: earlierMoved(snapshot, payout, last),
    payoutsOn: snapshot.payoutsOn,
    overrideOpen: false,
    hold: null,
    replayWindowMs: DAY_MS,
  });
  // Blocked has a reason that a person can take away; unsafe has not.
  return verdict !== 'unsafe';
}

/** Whether an attempt before the last one moved money that is still gone. */
function earlierMoved({ attempts }: Snapshot, payout: Payout, last: Attempt | null): boolean {
  return attempts.some(
    ({ payoutId, no, status }) =>
      payoutId === payout.id && no < (last?.no ?? 0) && (status === 'accepted' || status === 'paid'),
  );
}

function unbalancedEntries({ postings }: Snapshot): string[] {
  const sums = new Map<string, bigint>();
  for (const line of postings) {
    const of = `${line.entryId} ${line.currency}`;
    sums.set(of, (sums.get(of) ?? 0n) + (line.side === 'debit' ? line.minor : -line.minor));
  }
  return [...sums].filter(([, sum]) => sum !== 0n).map(([of, sum]) => `entry ${of}: debits − credits = ${sum}`);
}

/** Stored balances that are not the sum of their account's postings. */
function driftingBalances({ postings, balances }: Snapshot): string[] {
  const sums = new Map<string, { minor: bigint; postings: bigint }>();
  for (const line of postings) {
    const of = `${line.account} ${line.currency}`;
    const sum = sums.get(of) ?? { minor: 0n, postings: 0n };
    const { normalSide } = ACCOUNT_KINDS[accountKind(line.account as Parameters<typeof accountKind>[0])];
    sums.set(of, {
      minor: sum.minor + (line.side === normalSide ? line.minor : -line.minor),
      postings: sum.postings + 1n,
    });
  }
  const stored = new Set(balances.map(({ account, currency }) => `${account} ${currency}`));
  const missing = [...sums.keys()].filter((of) => !stored.has(of));
  return [
    ...missing.map((of) => `account ${of}: postings, and no stored balance`),
    ...balances.flatMap(({ account, currency, minor, postings: count }) => {
      const sum = sums.get(`${account} ${currency}`) ?? { minor: 0n, postings: 0n };
      if (sum.minor === minor && sum.postings === count) return [];
      return [`account ${account} ${currency}: stored ${minor} of ${count}, postings ${sum.minor} of ${sum.postings}`];
    }),
  ];
}

/** Payouts whose money the ledger holds elsewhere than their status says (domain rules §1, postings). */
function misplacedMoney({ payouts, postings }: Snapshot): string[] {
  const byPayout = Map.groupBy(postings, ({ payoutId }) => payoutId ?? '');
  return payouts.flatMap((payout) => {
    const lines = byPayout.get(payout.id) ?? [];
    const heldIn = (match: (account: string) => boolean) =>
      lines
        .filter(({ account }) => match(account))
        .reduce((sum, { side, minor }) => sum + (side === 'credit' ? minor : -minor), 0n);
    const inFlight = heldIn((account) => account === IN_FLIGHT);
    const paidOut = heldIn((account) => account.startsWith('psp_clearing:'));
    const { minor } = payout.amount;
    const ended = payout.status === 'failed' || payout.status === 'canceled';
    const wanted = payout.status === 'paid' ? [0n, minor] : ended ? [0n, 0n] : [minor, 0n];
    if (inFlight === wanted[0] && paidOut === wanted[1]) return [];
    return [
      `${toId('payout', payout.id)}: ${payout.status}, and the ledger has ${inFlight} in flight, ${paidOut} paid`,
    ];
  });
}
