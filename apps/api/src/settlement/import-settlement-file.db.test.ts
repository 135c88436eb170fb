import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { parseId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { callBy, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { fixture, inChunks } from './fixtures/reading.ts';
import { importSettlementFile } from './import-settlement-file.ts';
import { checkFile, withReceivedFile } from './received-file.ts';
import { listSettlementFiles, settlementFile, settlementLines } from './settlement.queries.ts';
import type { CheckedFile } from './settlement-file.ts';

const HEADER = 'balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id,description';
const SPOOL = join(tmpdir(), `countersign-import-test-${process.pid}`);
let nonce = 0;
/** A good report that no other test has. */
const report = (rows = 2) => {
  nonce += 1;
  const row = (i: number) =>
    `txn_${nonce}_${i},2026-11-${10 + (i % 9)},eur,-1.00,0.25,-1.25,payout,po_${nonce}_${i},d\n`;
  return `${HEADER}\n${Array.from({ length: rows }, (_, i) => row(i)).join('')}`;
};

describe('importing a settlement file', () => {
  let database: TestDatabase;
  let finance: Actor;
  beforeAll(async () => {
    database = await testDatabase();
    finance = await person(database, 'finance');
  });
  afterAll(async () => {
    await rm(SPOOL, { recursive: true, force: true });
    await database.close();
  });

  const received = <T>(content: Uint8Array | string, name: string, work: (file: CheckedFile) => Promise<T>) =>
    withReceivedFile(inChunks(content), name, SPOOL, async (file) => work(await checkFile(file)));
  const importOf = (file: CheckedFile, by: Actor, over: Partial<Call> = {}) =>
    execute(database.db, importSettlementFile(file), callBy(by, over), {
      sha256: file.sha256,
      filename: file.filename,
    });
  const send = (content: Uint8Array | string, over: Partial<Call> = {}, name = 'report.csv', by: Actor = finance) =>
    received(content, name, (file) => importOf(file, by, over));
  const refusalOf = async (sent: Promise<unknown>) => {
    const error = await sent.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Refused)) throw error ?? new Error('It was not refused.');
    return error.refusal;
  };
  const count = async (table: string) => {
    const { rows } = await database.db.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${table}`);
    return Number(rows[0]?.n);
  };
  const uuidOf = (fileId: string) => parseId('file', fileId) ?? '';

  test('done: the file, its statements, its lines and the audit event are one commit', async () => {
    const { result } = await send(fixture('camt053.v8.xml'), {}, 'C:\\bank\\statement.xml');
    expect(result).toMatchObject({
      outcome: 'imported',
      filename: 'statement.xml',
      format: 'camt',
      source: 'bank',
      lineCount: 6,
      periodFrom: '2026-11-20',
      periodTo: '2026-11-20',
      importedBy: finance.label,
      importedAt: NOW.toISOString(),
      timesReceived: 1,
    });
    const id = uuidOf(result.fileId);
    const stored = await settlementFile(database.db, id);
    expect(stored?.statements).toEqual([
      {
        account: 'NL26VAYB8060476890',
        currency: 'EUR',
        openingMinor: '1000000',
        closingMinor: '824450',
        creditsMinor: '80000',
        debitsMinor: '255550',
        entries: 5,
        balanceCheck: 'agrees',
      },
      expect.objectContaining({ account: 'TR-42', currency: 'TRY', openingMinor: '-10000', entries: 0 }),
    ]);
    const { rows } = await settlementLines(database.db, { fileId: id, after: 0, limit: 100 });
    expect(rows).toHaveLength(6);
    expect(rows[1]).toMatchObject({
      lineNo: 2,
      kind: 'bank_entry',
      amountMinor: '-5010',
      netMinor: '-5010',
      ourRef: 'po_01jdqmwyggfgz9t48a3cp3tkjj',
      counterparty: 'Güney A.Ş.',
      valueOn: '2026-11-20',
      bookedOn: '2026-11-20',
    });
    expect(await auditRows(database, id)).toEqual([
      expect.objectContaining({
        act: 'settlement_file.imported',
        outcome: 'done',
        after: expect.objectContaining({ outcome: 'imported', lineCount: 6, filename: 'statement.xml' }),
      }),
    ]);
  });

  test('text comes back as it was: tabs, backslashes, newlines, quotation marks, empty text, null', async () => {
    const cells = ['a\tb', '\\N', 'c\\.d', '"e\r\nf"', '\\', 'ğ😀'];
    const rows = cells.map((cell, i) => `txn_x${i},2026-11-20,eur,1.00,0.00,1.00,charge,ch_x${i},${cell}\n`);
    const { result } = await send(`${HEADER}\n${rows.join('')}`);
    const read = await settlementLines(database.db, { fileId: uuidOf(result.fileId), after: 0, limit: 100 });
    expect(read.rows.map((row) => row.description)).toEqual(['a\tb', '\\N', 'c\\.d', 'e\r\nf', '\\', 'ğ😀']);
    expect(read.rows.map((row) => row.raw)).toEqual(rows.map((row) => row.slice(0, -1)));
    expect(read.rows.every((row) => row.endToEndId === null && row.valueOn === null)).toBe(true);
  });

  test('bug class: an importer dropping equal lines: two equal lines of a file are two rows', async () => {
    const row = 'txn_twin,2026-11-20,eur,1.00,0.00,1.00,charge,ch_twin,d\n';
    const { result } = await send(`${HEADER}\n${row}${row}`);
    const { rows } = await settlementLines(database.db, { fileId: uuidOf(result.fileId), after: 0, limit: 9 });
    expect(rows.map((line) => line.lineNo)).toEqual([2, 3]);
  });

  test('the same content again, under another name and key, adds nothing but the count of its arrivals', async () => {
    const content = report();
    const first = await send(content);
    const lines = await count('settlement_line');
    const again = await send(content, {}, 'another-name.csv', { kind: 'cli', id: 'root', label: 'cli' });
    expect(again.result).toEqual({ ...first.result, outcome: 'already_imported', timesReceived: 2 });
    expect(await count('settlement_line')).toBe(lines);
    expect((await auditRows(database, uuidOf(first.result.fileId))).map((row) => row.after)).toEqual([
      expect.objectContaining({ outcome: 'imported', timesReceived: 1 }),
      expect.objectContaining({ outcome: 'already_imported', timesReceived: 2 }),
    ]);
  });

  test('refused: a bad file leaves nothing but the record that it was tried', async () => {
    const before = await Promise.all(['settlement_file', 'settlement_line', 'settlement_statement'].map(count));
    const refused = await refusalOf(send(fixture('stripe-itemised.faulty.csv')));
    expect(refused).toEqual({
      code: 'file_faulty',
      params: { faults: '15', line: '3', first: 'gross -10.00 − fee 0.25 is not net -10.00 EUR.' },
    });
    expect(await Promise.all(['settlement_file', 'settlement_line', 'settlement_statement'].map(count))).toEqual(
      before,
    );
    expect((await auditRows(database)).at(-1)).toMatchObject({ outcome: 'refused', refusal_code: 'file_faulty' });
  });

  test.each<[string, string | Uint8Array]>([
    ['a file of no known format', '%PDF-1.7'],
    ['an empty file', ''],
    ['a DOCTYPE', '<!DOCTYPE a><Document/>'],
    ['a header without some columns', 'created,gross,fee,net\n'],
  ])('refused: %s is unreadable', async (_, content) => {
    expect((await refusalOf(send(content))).code).toBe('file_unreadable');
  });

  test('forbidden: a viewer may not import', async () => {
    const viewer = await person(database, 'viewer');
    const content = report();
    expect((await refusalOf(send(content, {}, 'x.csv', viewer))).code).toBe('permission_missing');
    const { rows } = await listSettlementFiles(database.db, viewer, { limit: 200 });
    expect(rows.every((row) => row.filename !== 'x.csv')).toBe(true);
  });

  test('replayed: the same key gives the same answer, and counts no arrival', async () => {
    const content = report();
    const idempotencyKey = 'import-key-1';
    const first = await send(content, { idempotencyKey });
    const again = await send(content, { idempotencyKey });
    expect(again).toEqual({ result: first.result, replayed: true });
    expect((await refusalOf(send(report(), { idempotencyKey }))).code).toBe('idempotency_key_reused');
  });

  test('raced: of many who send one file at once, one imports it', async () => {
    const content = report(500);
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(content)));
    expect(answers.map((answer) => answer.result.outcome).toSorted()).toEqual([
      'already_imported',
      'already_imported',
      'already_imported',
      'imported',
    ]);
    expect(answers.map((answer) => answer.result.timesReceived).toSorted()).toEqual([1, 2, 3, 4]);
    const { rows } = await database.db.query<{ n: bigint }>(
      'SELECT count(*) AS n FROM settlement_line WHERE file_id = $1',
      [uuidOf(answers[0]?.result.fileId ?? '')],
    );
    expect(rows[0]?.n).toBe(500n);
  });

  test('a file of several COPY pieces arrives whole', async () => {
    const { result } = await send(report(60_000));
    const { rows } = await database.db.query<{ n: bigint; sum: bigint; last: number }>(
      'SELECT count(*) AS n, sum(net_minor)::bigint AS sum, max(line_no) AS last FROM settlement_line WHERE file_id = $1',
      [uuidOf(result.fileId)],
    );
    expect(rows[0]).toEqual({ n: 60_000n, sum: -7_500_000n, last: 60_001 });
  });

  test('a failure in the middle of the lines leaves nothing, and the file can be sent again', async () => {
    const before = await count('settlement_line');
    await received(report(30_000), 'r.csv', async (file) => {
      const broken = {
        ...file,
        async *batches() {
          let given = 0;
          for await (const batch of file.batches()) {
            given += batch.lines.length;
            if (given > 20_000) throw new Error('the disk is gone');
            yield batch;
          }
        },
      };
      await expect(importOf(broken, finance)).rejects.toThrow('the disk is gone');
      expect(await count('settlement_line')).toBe(before);
      expect((await importOf(file, finance)).result.outcome).toBe('imported');
    });
  });

  test('a file that reads otherwise than when it was checked is not imported', async () => {
    const before = await count('settlement_file');
    await received(report(3), 'r.csv', async (file) => {
      await expect(importOf({ ...file, lineCount: 4 }, finance)).rejects.toThrow('otherwise');
    });
    expect(await count('settlement_file')).toBe(before);
  });

  test('a line that the database refuses fails the import, and nothing of it stays', async () => {
    const before = await count('settlement_file');
    await received(report(3), 'r.csv', async (file) => {
      const broken = {
        ...file,
        async *batches() {
          for await (const batch of file.batches()) {
            yield { ...batch, lines: batch.lines.map((line) => ({ ...line, currency: 'EURO' as 'EUR' })) };
          }
        },
      };
      await expect(importOf(broken, finance)).rejects.toThrow(/too long/);
    });
    expect(await count('settlement_file')).toBe(before);
  });

  test('lists go on where they left off', async () => {
    const sent: string[] = [];
    for (let i = 0; i < 5; i += 1)
      sent.push((await send(report(), { now: new Date(NOW.getTime() + i * 1000) })).result.fileId);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSettlementFiles(database.db, finance, { source: 'provider', limit: 2, cursor });
      seen.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 4)).toEqual(sent.toReversed().slice(0, 4));

    const id = uuidOf((await send(report(5))).result.fileId);
    const first = await settlementLines(database.db, { fileId: id, after: 0, limit: 3 });
    const rest = await settlementLines(database.db, { fileId: id, after: first.nextAfter ?? -1, limit: 3 });
    expect([...first.rows, ...rest.rows].map((row) => row.lineNo)).toEqual([2, 3, 4, 5, 6]);
    expect(rest.nextAfter).toBeNull();
  });

  test('no file stays in the spool', async () => {
    expect(await readdir(SPOOL)).toEqual([]);
  });
});
