import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { newUuid } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import type { Tx } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import type { SettlementBatch } from './settlement-batch.ts';
import type { CheckedFile } from './settlement-file.ts';
import type { SettlementFormat } from './settlement-format.ts';
import type { SettlementLine, SettlementSource, SettlementStatement } from './settlement-line.ts';

/** A file as it is kept. */
export interface StoredFile {
  id: string;
  filename: string;
  format: SettlementFormat;
  source: SettlementSource;
  bytes: bigint;
  lineCount: number;
  periodFrom: LocalDate | null;
  periodTo: LocalDate | null;
  importedBy: string;
  importedAt: Date;
  /** How often this very file has come. */
  timesReceived: number;
}

export interface StoredFileRow {
  id: string;
  filename: string;
  format: SettlementFormat;
  source: SettlementSource;
  bytes: bigint;
  line_count: number;
  period_from: LocalDate | null;
  period_to: LocalDate | null;
  imported_by: string;
  imported_at: Date;
  times_received: number;
}

export const FILE_COLUMNS =
  'id, filename, format, source, bytes, line_count, period_from, period_to, imported_by, imported_at, times_received';

export function fileFromRow(row: StoredFileRow): StoredFile {
  return {
    id: row.id,
    filename: row.filename,
    format: row.format,
    source: row.source,
    bytes: row.bytes,
    lineCount: row.line_count,
    periodFrom: row.period_from,
    periodTo: row.period_to,
    importedBy: row.imported_by,
    importedAt: row.imported_at,
    timesReceived: row.times_received,
  };
}

/** Counts one more arrival of a file that is already here; null when it is not. */
export async function receiveAgain(tx: Tx, sha256: string): Promise<StoredFile | null> {
  const { rows } = await tx.query<StoredFileRow>(
    `UPDATE settlement_file SET times_received = times_received + 1 WHERE sha256 = $1 RETURNING ${FILE_COLUMNS}`,
    [sha256],
  );
  if (!rows[0]) return null;
  await announce(tx, 'settlement_file', rows[0].id);
  return fileFromRow(rows[0]);
}

/**
 * Keeps a file's row. When another transaction keeps the same content at this moment, this one waits for it and then
 * counts an arrival instead: `isNew` is false.
 */
export async function insertFile(
  tx: Tx,
  file: CheckedFile & { format: SettlementFormat; source: SettlementSource },
  importedBy: string,
  now: Date,
): Promise<{ stored: StoredFile; isNew: boolean }> {
  const id = newUuid();
  const { rows } = await tx.query<StoredFileRow>(
    `INSERT INTO settlement_file
       (id, sha256, filename, format, source, bytes, line_count, period_from, period_to, imported_by, imported_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (sha256) DO UPDATE SET times_received = settlement_file.times_received + 1
     RETURNING ${FILE_COLUMNS}`,
    [
      id,
      file.sha256,
      file.filename,
      file.format,
      file.source,
      file.bytes,
      file.lineCount,
      file.periodFrom,
      file.periodTo,
      importedBy,
      now,
    ],
  );
  const row = rows[0];
  if (!row) throw new Error('An upsert returned no row.');
  await announce(tx, 'settlement_file', row.id);
  return { stored: fileFromRow(row), isNew: row.id === id };
}

const LINE_COLUMNS = [
  'file_id',
  'line_no',
  'source',
  'kind',
  'account',
  'currency',
  'amount_minor',
  'fee_minor',
  'net_minor',
  'provider_ref',
  'our_ref',
  'end_to_end_id',
  'counterparty',
  'description',
  'value_on',
  'booked_on',
  'raw',
];
const COPY_LINES = `COPY settlement_line (${LINE_COLUMNS.join(', ')}) FROM STDIN`;

/** Characters of one COPY command. Each is a statement of its own, so the statement timeout bounds a piece, not a file. */
const COPY_CHARS = 8 * 1024 * 1024;

/** Keeps a file's lines and statements, with one batch of lines in memory. Returns how many there were of each. */
export async function saveContent(
  tx: Tx,
  fileId: string,
  batches: AsyncIterable<SettlementBatch>,
): Promise<{ lines: number; statements: number }> {
  const iterator = batches[Symbol.asyncIterator]();
  const statements: SettlementStatement[] = [];
  let lines = 0;
  let ended = false;

  async function* piece(): AsyncGenerator<string, void> {
    for (let chars = 0; chars < COPY_CHARS; ) {
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return;
      }
      statements.push(...next.value.statements);
      if (next.value.lines.length === 0) continue;
      lines += next.value.lines.length;
      const text = next.value.lines.map((line) => copyRow(fileId, line)).join('');
      chars += text.length;
      yield text;
    }
  }

  try {
    while (!ended) await pipeline(Readable.from(piece()), tx.client.query(copyFrom(COPY_LINES)));
  } finally {
    await iterator.return?.();
  }
  await insertStatements(tx, fileId, statements);
  return { lines, statements: statements.length };
}

async function insertStatements(tx: Tx, fileId: string, statements: readonly SettlementStatement[]): Promise<void> {
  if (statements.length === 0) return;
  const column = <T>(value: (statement: SettlementStatement) => T) => statements.map(value);
  const text = (value: bigint | null) => value?.toString() ?? null;
  await tx.query(
    `INSERT INTO settlement_statement
       (file_id, account, currency, opening_minor, closing_minor, entries, credits_minor, debits_minor)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[], $8::bigint[])`,
    [
      fileId,
      column((statement) => statement.account),
      column((statement) => statement.currency),
      column((statement) => text(statement.openingMinor)),
      column((statement) => text(statement.closingMinor)),
      column((statement) => statement.entries),
      column((statement) => text(statement.creditsMinor)),
      column((statement) => text(statement.debitsMinor)),
    ],
  );
}

/** One row in the text format of COPY. */
function copyRow(fileId: string, line: SettlementLine): string {
  const cells = [
    fileId,
    String(line.lineNo),
    line.source,
    line.kind,
    copyText(line.account),
    line.currency,
    line.amountMinor.toString(),
    line.feeMinor.toString(),
    line.netMinor.toString(),
    copyText(line.providerRef),
    copyText(line.ourRef),
    copyText(line.endToEndId),
    copyText(line.counterparty),
    copyText(line.description),
    copyText(line.valueOn),
    copyText(line.bookedOn),
    copyText(line.raw),
  ];
  return `${cells.join('\t')}\n`;
}

const COPY_ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyText(text: string | null): string {
  if (text === null) return '\\N';
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (char) => COPY_ESCAPES[char] ?? char) : text;
}
