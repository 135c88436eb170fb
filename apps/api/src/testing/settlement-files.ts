import { newUuid } from '../core/ids.ts';
import { NOW } from './calls.ts';
import type { TestDatabase } from './database.ts';

/** A line of a file, as far as a test says something about it. Amounts in minor units, signed. */
export interface FileLine {
  amount: bigint;
  fee?: bigint;
  kind?: string;
  currency?: string;
  providerRef?: string | null;
  ourRef?: string | null;
  counterparty?: string | null;
  on: string;
  /** Provider's value date; the day itself when not given. */
  valueOn?: string;
  raw?: string;
}

export interface FileFacts {
  source: 'provider' | 'bank';
  from: string;
  to: string;
  /** Currencies of the statements. */
  currencies?: string[];
  lines: readonly FileLine[];
}

/** Puts a settlement file into the database as an import would have left it. Returns the ids of its lines. */
export async function settlementFile(database: TestDatabase, file: FileFacts): Promise<bigint[]> {
  const id = newUuid();
  await database.owner.query(
    `INSERT INTO settlement_file (id, sha256, filename, format, source, bytes, line_count, period_from, period_to, imported_by, imported_at)
     VALUES ($1, $8, $2, 'test', $3, 1, $4, $5, $6, 'test', $7)`,
    [id, `${file.source}-${file.from}.test`, file.source, file.lines.length, file.from, file.to, NOW, id],
  );
  for (const currency of file.currencies ?? ['EUR']) {
    await database.owner.query(
      `INSERT INTO settlement_statement (file_id, account, currency, entries, credits_minor, debits_minor)
       VALUES ($1, 'test', $2, 1, 0, 0)`,
      [id, currency],
    );
  }
  const ids: bigint[] = [];
  for (const [at, line] of file.lines.entries()) {
    const fee = line.fee ?? 0n;
    const { rows } = await database.owner.query<{ id: bigint }>(
      `INSERT INTO settlement_line (file_id, line_no, source, kind, account, currency, amount_minor, fee_minor, net_minor,
         provider_ref, our_ref, end_to_end_id, counterparty, description, value_on, booked_on, raw)
       VALUES ($1, $2, $3, $4, 'test', $5, $6, $7, $8, $9, $10, NULL, $11, NULL, $12, $13, $14) RETURNING id`,
      [
        id,
        at + 1,
        file.source,
        line.kind ?? (file.source === 'bank' ? 'bank_entry' : 'payout'),
        line.currency ?? 'EUR',
        line.amount,
        fee,
        line.amount - fee,
        line.providerRef ?? null,
        line.ourRef ?? null,
        line.counterparty ?? null,
        line.valueOn ?? line.on,
        line.on,
        line.raw ?? `${id} ${at}`,
      ],
    );
    ids.push(...rows.map((row) => row.id));
  }
  return ids;
}
