import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { FILE_COLUMNS, fileFromRow, type StoredFile, type StoredFileRow } from './settlement.store.ts';
import type { SettlementLineKind, SettlementSource } from './settlement-line.ts';

export interface SettlementFileDto {
  id: string;
  filename: string;
  format: string;
  source: SettlementSource;
  bytes: string;
  lineCount: number;
  /** Calendar days, null when no line names one. */
  periodFrom: string | null;
  periodTo: string | null;
  importedBy: string;
  importedAt: string;
  timesReceived: number;
}

export interface SettlementStatementDto {
  account: string;
  currency: string;
  /** Null when the file states no such balance; the check of its totals is then open. */
  openingMinor: string | null;
  closingMinor: string | null;
  creditsMinor: string;
  debitsMinor: string;
  entries: number;
  balanceCheck: 'agrees' | 'unchecked';
}

export interface SettlementLineDto {
  lineNo: number;
  kind: SettlementLineKind;
  account: string;
  currency: string;
  amountMinor: string;
  feeMinor: string;
  netMinor: string;
  providerRef: string | null;
  ourRef: string | null;
  endToEndId: string | null;
  counterparty: string | null;
  description: string | null;
  valueOn: string | null;
  bookedOn: string | null;
  raw: string;
}

export interface SettlementFileList {
  rows: SettlementFileDto[];
  nextCursor: string | null;
  can: { import: Refusal | null };
}

/** Files, newest first, by keyset: `cursor` is the last page's `nextCursor`. */
export async function listSettlementFiles(
  on: Queryable,
  actor: Actor,
  input: { source?: SettlementSource | undefined; cursor?: string | undefined; limit: number },
): Promise<SettlementFileList> {
  const cursor = /^(\d{1,16}):([0-9a-f-]{36})$/.exec(input.cursor ?? '');
  const { rows } = await on.query<StoredFileRow>(
    `SELECT ${FILE_COLUMNS} FROM settlement_file
     WHERE ($1::text IS NULL OR source = $1)
       AND ($2::timestamptz IS NULL OR (imported_at, id) < ($2, $3::uuid))
     ORDER BY imported_at DESC, id DESC LIMIT $4`,
    [input.source ?? null, cursor ? new Date(Number(cursor[1])) : null, cursor?.[2] ?? null, input.limit + 1],
  );
  const page = rows.slice(0, input.limit).map(fileFromRow);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    rows: page.map(fileDto),
    nextCursor: last ? `${last.importedAt.getTime()}:${last.id}` : null,
    can: {
      import: may(actor, 'settlement:import')
        ? null
        : refusal('permission_missing', { permission: 'settlement:import' }),
    },
  };
}

/** A file with its statements; null when there is none under this id. */
export async function settlementFile(
  on: Queryable,
  id: string,
): Promise<(SettlementFileDto & { statements: SettlementStatementDto[] }) | null> {
  const { rows } = await on.query<StoredFileRow>(`SELECT ${FILE_COLUMNS} FROM settlement_file WHERE id = $1`, [id]);
  if (!rows[0]) return null;
  const statements = await on.query<{
    account: string;
    currency: string;
    opening_minor: bigint | null;
    closing_minor: bigint | null;
    credits_minor: bigint;
    debits_minor: bigint;
    entries: number;
  }>(
    `SELECT account, currency, opening_minor, closing_minor, credits_minor, debits_minor, entries
     FROM settlement_statement WHERE file_id = $1 ORDER BY id LIMIT 1000`,
    [id],
  );
  return {
    ...fileDto(fileFromRow(rows[0])),
    statements: statements.rows.map((row) => ({
      account: row.account,
      currency: row.currency,
      openingMinor: row.opening_minor?.toString() ?? null,
      closingMinor: row.closing_minor?.toString() ?? null,
      creditsMinor: row.credits_minor.toString(),
      debitsMinor: row.debits_minor.toString(),
      entries: row.entries,
      // A file whose stated balances disagree with its lines is refused, so here both being stated means they agree.
      balanceCheck: row.opening_minor !== null && row.closing_minor !== null ? 'agrees' : 'unchecked',
    })),
  };
}

/** A file's lines in its own order, `limit` of them after line number `after`. */
export async function settlementLines(
  on: Queryable,
  input: { fileId: string; after: number; limit: number },
): Promise<{ rows: SettlementLineDto[]; nextAfter: number | null }> {
  const { rows } = await on.query<{
    line_no: number;
    kind: SettlementLineKind;
    account: string;
    currency: string;
    amount_minor: bigint;
    fee_minor: bigint;
    net_minor: bigint;
    provider_ref: string | null;
    our_ref: string | null;
    end_to_end_id: string | null;
    counterparty: string | null;
    description: string | null;
    value_on: string | null;
    booked_on: string | null;
    raw: string;
  }>(
    `SELECT line_no, kind, account, currency, amount_minor, fee_minor, net_minor, provider_ref, our_ref, end_to_end_id,
       counterparty, description, value_on, booked_on, raw
     FROM settlement_line WHERE file_id = $1 AND line_no > $2 ORDER BY line_no LIMIT $3`,
    [input.fileId, input.after, input.limit + 1],
  );
  const page = rows.slice(0, input.limit);
  return {
    rows: page.map((row) => ({
      lineNo: row.line_no,
      kind: row.kind,
      account: row.account,
      currency: row.currency,
      amountMinor: row.amount_minor.toString(),
      feeMinor: row.fee_minor.toString(),
      netMinor: row.net_minor.toString(),
      providerRef: row.provider_ref,
      ourRef: row.our_ref,
      endToEndId: row.end_to_end_id,
      counterparty: row.counterparty,
      description: row.description,
      valueOn: row.value_on,
      bookedOn: row.booked_on,
      raw: row.raw,
    })),
    nextAfter: rows.length > input.limit ? (page.at(-1)?.line_no ?? null) : null,
  };
}

function fileDto(file: StoredFile): SettlementFileDto {
  return {
    id: toId('file', file.id),
    filename: file.filename,
    format: file.format,
    source: file.source,
    bytes: file.bytes.toString(),
    lineCount: file.lineCount,
    periodFrom: file.periodFrom,
    periodTo: file.periodTo,
    importedBy: file.importedBy,
    importedAt: file.importedAt.toISOString(),
    timesReceived: file.timesReceived,
  };
}
