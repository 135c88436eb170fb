import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { clearingOf, walletOf } from '../ledger/journal.ts';
import { balanceOf } from '../ledger/ledger.store.ts';
import { retryFacts } from '../payouts/payout.store.ts';
import type { Payout } from '../payouts/payout.ts';
import type { Queryable } from '../runtime/db.ts';
import { evidenceFiles } from './evidence.store.ts';
import { policyInForce } from './override.store.ts';
import { canonicalContent, type Decision, isOpen, type Override, stalenessOf } from './override.ts';
import { decideEffect, type PreviewFacts, type PreviewLine, previewOf } from './override-effects.ts';
import { policyFor } from './override-policy.ts';
import { type Moved, movedFromText, snapshotOf } from './override-subject.ts';
import { type OverrideListRow, type ReadOverride, readOverride, toListRow } from './overrides.queries.ts';

export interface EvidenceDto {
  sha256: string;
  filename: string;
  mediaType: string;
  bytes: number;
  uploadedBy: string;
  uploadedAt: string;
}

/** An entry that the execution posted. */
export interface PostedEntry {
  id: string;
  kind: string;
  postedAt: string;
  lines: { account: string; side: 'debit' | 'credit'; amountMinor: string; currency: string }[];
}

/** Everything that the approval screen shows, so that what is signed is what is seen. */
export interface OverrideDetail {
  row: OverrideListRow;
  payout: {
    bank: string;
    country: string;
    rail: string;
    provider: string;
    kind: string;
    merchantReference: string | null;
    descriptor: string;
    failureCode: string | null;
    /** The status that was signed; the row carries the one of now. */
    signedStatus: string | null;
  };
  evidence: EvidenceDto[];
  policy: {
    version: number;
    /** The amount band, minor units; null where it has no end or where a newer policy is in force. */
    band: { fromMinor: string | null; belowMinor: string | null } | null;
    expiresInMs: number;
  };
  decisions: {
    id: string;
    checker: { id: string; name: string };
    roles: readonly string[];
    decision: 'approve' | 'reject';
    reason: string | null;
    at: string;
  }[];
  /** The fingerprint that is signed. */
  contentHash: string;
  /** The canonical JSON whose SHA-256 the fingerprint is, for "Download request". */
  content: string;
  /** What executing it now would change; null when it is over, or not possible any more. */
  preview: PreviewLine[] | null;
  /** What its execution posted; empty before it. */
  entries: PostedEntry[];
  /** What moved since it was asked for; the banner names the field. */
  moved: Moved | null;
  /** Words of who rejected it. */
  statusReason: string | null;
}

/** One override as its approver sees it; null when there is none. */
export async function overrideDetail(
  on: Queryable,
  actor: Extract<Actor, { kind: 'person' }>,
  uuid: string,
  now: Date,
): Promise<OverrideDetail | null> {
  const read = await readOverride(on, uuid);
  if (!read) return null;
  const { override, payout } = read;
  const [policy, facts, previewFacts, evidence, entries] = await Promise.all([
    policyInForce(on),
    retryFacts(on, payout, now),
    readPreviewFacts(on, payout, read.partyName),
    evidenceFiles(on, override.evidence),
    readEntries(on, override.id),
  ]);
  const row = toListRow(read, actor, policy, now);
  const open = row.closedAt === null;
  const effect = open ? decideEffect(override.kind, payout, facts) : null;
  const demand = policyFor(policy, override.kind, override.amount);
  return {
    row: { ...row, can: { ...row.can, execute: row.can.execute ?? effect } },
    payout: payoutDto(read),
    evidence: evidence.map((file) => ({ ...file, uploadedAt: file.uploadedAt.toISOString() })),
    policy: {
      version: override.policyVersion,
      band: override.policyVersion === policy.version ? demand.band : null,
      expiresInMs: override.expiresAt.getTime() - override.createdAt.getTime(),
    },
    decisions: read.decisions.map(decisionDto),
    contentHash: override.contentHash,
    content: canonicalContent(override),
    preview: open ? previewOf(override.kind, payout, previewFacts) : null,
    entries,
    moved: movedOf(read),
    statusReason: override.status === 'rejected' ? override.statusReason : null,
  };
}

function movedOf({ override, payout, last }: ReadOverride): Moved | null {
  if (isOpen(override)) return stalenessOf(override, snapshotOf(payout, last))?.moved ?? null;
  return override.status === 'stale' && override.statusReason ? movedFromText(override.statusReason) : null;
}

function payoutDto({ override, payout }: { override: Override; payout: Payout }): OverrideDetail['payout'] {
  return {
    bank: payout.destination.bank,
    country: payout.destination.country,
    rail: payout.rail,
    provider: payout.provider,
    kind: payout.kind,
    merchantReference: payout.merchantReference,
    descriptor: payout.descriptor,
    failureCode: payout.failureCode,
    signedStatus: override.subjectSnapshot.status,
  };
}

function decisionDto(made: Decision): OverrideDetail['decisions'][number] {
  return {
    id: toId('approval', made.id),
    checker: { id: toId('person', made.checkerId), name: made.checkerLabel },
    roles: made.roles,
    decision: made.decision,
    reason: made.reason,
    at: made.at.toISOString(),
  };
}

/** The balances that a preview starts from. */
export async function readPreviewFacts(on: Queryable, payout: Payout, partyName: string): Promise<PreviewFacts> {
  const { currency } = payout.amount;
  const [inFlight, clearingMinor, walletMinor, breaks] = await Promise.all([
    on.query<{ minor: bigint }>(
      `SELECT coalesce(sum(CASE l.side WHEN 'credit' THEN l.amount_minor ELSE -l.amount_minor END), 0)::bigint AS minor
       FROM journal_entry e JOIN posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
       WHERE e.payout_id = $1 AND a.kind = 'payouts_in_flight'`,
      [payout.id],
    ),
    balanceOf(on, clearingOf(payout.provider), currency),
    balanceOf(on, walletOf(payout.partyId), currency),
    on.query<{ id: string; type: string; risk: string; status: string }>(
      `SELECT id, type, risk, status FROM recon_break WHERE payout_id = $1 AND status <> 'resolved'
       ORDER BY opened_at, id LIMIT 20`,
      [payout.id],
    ),
  ]);
  return {
    inFlightMinor: inFlight.rows[0]?.minor ?? 0n,
    clearingMinor,
    walletMinor,
    partyName,
    breaks: breaks.rows.map((row) => ({ ...row, id: toId('break', row.id) })),
  };
}

async function readEntries(on: Queryable, overrideId: string): Promise<PostedEntry[]> {
  const { rows } = await on.query<{
    id: string;
    kind: string;
    posted_at: Date;
    account: string;
    side: 'debit' | 'credit';
    amount_minor: bigint;
    currency: string;
  }>(
    `SELECT e.id, e.kind, e.posted_at, l.side, l.amount_minor, l.currency,
       CASE a.kind WHEN 'wallet' THEN a.kind ELSE a.code END AS account
     FROM journal_entry e JOIN posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
     WHERE e.override_id = $1 ORDER BY e.posted_at, e.id, l.id`,
    [overrideId],
  );
  const entries = new Map<string, PostedEntry>();
  for (const row of rows) {
    const entry = entries.get(row.id) ?? {
      id: toId('journal_entry', row.id),
      kind: row.kind,
      postedAt: row.posted_at.toISOString(),
      lines: [],
    };
    entry.lines.push({
      account: row.account,
      side: row.side,
      amountMinor: row.amount_minor.toString(),
      currency: row.currency,
    });
    entries.set(row.id, entry);
  }
  return [...entries.values()];
}
