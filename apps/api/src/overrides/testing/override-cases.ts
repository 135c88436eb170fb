import { parseId, toId } from '../../core/ids.ts';
import { Refused } from '../../core/refusal.ts';
import type { Payout } from '../../payouts/payout.ts';
import { NOW, person } from '../../testing/calls.ts';
import type { TestDatabase } from '../../testing/database.ts';
import { act } from '../../testing/factories.ts';
import { approveOverride } from '../approve-override.ts';
import type { OverrideKind, OverrideStatus } from '../override.ts';
import type { OverrideAnswer } from '../override-answer.ts';
import { requestOverride } from '../request-override.ts';
import { uploadEvidence } from '../upload-evidence.ts';

export type Person = Awaited<ReturnType<typeof person>>;

/** One person for each part, and a second of each checker. */
export async function cast(database: TestDatabase) {
  const [maker, otherMaker, approver, secondApprover, finance, viewer] = await Promise.all([
    person(database, 'ops'),
    person(database, 'ops'),
    person(database, 'approver'),
    person(database, 'approver'),
    person(database, 'finance'),
    person(database, 'viewer'),
  ]);
  return { maker, otherMaker, approver, secondApprover, finance, viewer };
}

export const REASON = 'Confirmed with the bank by phone.';

/** What a dialog sends to ask for an override. */
export function asking(
  payout: Payout,
  kind: OverrideKind,
  over: Record<string, unknown> = {},
): Record<string, unknown> {
  return { payoutId: toId('payout', payout.id), version: payout.version, kind, reason: REASON, evidence: [], ...over };
}

/** An override that was asked for. */
export interface Asked {
  /** `ov_…` */
  id: string;
  uuid: string;
  contentHash: string;
}

export async function ask(
  database: TestDatabase,
  maker: Person,
  payout: Payout,
  kind: OverrideKind,
  { now = NOW, ...over }: { now?: Date; evidence?: string[]; reason?: string } = {},
): Promise<Asked> {
  const evidence = kind === 'mark_payout_paid' ? [await attach(database, maker)] : [];
  const input = asking(payout, kind, { evidence, ...over });
  const { overrideId, contentHash } = await act(database, requestOverride, input, { actor: maker, now });
  return { id: overrideId, uuid: parseId('override', overrideId) ?? '', contentHash };
}

export function approve(
  database: TestDatabase,
  checker: Person,
  { id, contentHash }: Asked,
  now: Date = NOW,
): Promise<OverrideAnswer> {
  return act(database, approveOverride, { overrideId: id, contentHash }, { actor: checker, now });
}

/** Uploads a statement; returns its hash. */
export async function attach(database: TestDatabase, uploader: Person, text = 'a statement'): Promise<string> {
  const input = { filename: 'statement.txt', mediaType: 'text/plain', content: Buffer.from(text) };
  return (await act(database, uploadEvidence, input, { actor: uploader })).sha256;
}

/** The code of the refusal that a call ends with; null when it is done. Anything else that is thrown, is thrown. */
export async function refusalCode(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code;
    throw error;
  }
}

export interface StoredOverride {
  status: OverrideStatus;
  status_reason: string | null;
  execution_error: string | null;
  decided_at: Date | null;
  executed_at: Date | null;
}

export async function stored(database: TestDatabase, uuid: string): Promise<StoredOverride> {
  const { rows } = await database.db.query<StoredOverride>(
    'SELECT status, status_reason, execution_error, decided_at, executed_at FROM override_request WHERE id = $1',
    [uuid],
  );
  if (!rows[0]) throw new Error(`override ${uuid} is not there`);
  return rows[0];
}

/** Accounts whose stored balance is not the sum of their postings; empty when the books are right. */
export async function ledgerFaults(database: TestDatabase): Promise<unknown[]> {
  const { rows } = await database.owner.query(
    `SELECT a.code, b.balance_minor, sum(CASE WHEN p.side = a.normal_side THEN p.amount_minor ELSE -p.amount_minor END)
     FROM ledger_account a JOIN account_balance b ON b.account_id = a.id LEFT JOIN posting p ON p.account_id = a.id
     GROUP BY a.code, b.balance_minor
     HAVING b.balance_minor <> coalesce(sum(CASE WHEN p.side = a.normal_side THEN p.amount_minor ELSE -p.amount_minor END), 0)`,
  );
  return rows;
}
