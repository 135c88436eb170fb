import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../src/testing/database.ts';
import { importCommand } from './import.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../src/settlement/fixtures/${name}`, import.meta.url));

describe('cli import', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  const out: string[] = [];
  const err: string[] = [];
  beforeEach(() => {
    out.length = 0;
    err.length = 0;
    vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
    vi.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  });
  const run = (args: string[], json = false) =>
    importCommand.run(args, { db: database.db, actor: { kind: 'cli', id: 'root', label: 'cli (root)' }, json });

  test('imports, and says so in one line; again, and says that too', async () => {
    expect(await run([fixture('camt053.v8.xml'), '--source', 'bank'], true)).toBe(0);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      outcome: 'imported',
      lines: 6,
      faults: [],
      statements: expect.arrayContaining([
        expect.objectContaining({ currency: 'TRY', opening_minor: '-10000', entries: 0, credits_minor: '0' }),
      ]),
    });
    expect(await run([fixture('camt053.v8.xml')])).toBe(0);
    expect(out[1]).toMatch(
      /^This very file was imported on .* by cli \(root\) as sf_\w+\. Nothing was added; it has come 2 times\.$/,
    );
  });

  test('names every bad line, imports nothing, and fails', async () => {
    expect(await run([fixture('stripe-itemised.faulty.csv')], true)).toBe(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      outcome: 'refused',
      statements: [{ entries: 3, debits_minor: '1225' }],
      fault_count: 15,
      error: { code: 'file_faulty', status: 422 },
    });
    expect(err).toHaveLength(16);
    expect(err[0]).toBe('line 3: gross -10.00 − fee 0.25 is not net -10.00 EUR.');
    expect(err.at(-1)).toBe('countersign: stripe-itemised.faulty.csv was not imported: 15 faults.');
    const { rows } = await database.db.query(`SELECT 1 FROM settlement_file WHERE filename LIKE '%faulty%'`);
    expect(rows).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    ['no file', [], /Say which file/],
    ['two files', ['a', 'b'], /Say which file/],
    ['a file that is not there', ['/nowhere/a.csv'], /There is no file/],
    ['a folder', ['/'], /is not a file/],
    ['another source', [fixture('stripe-itemised.csv'), '--source', 'bank'], /a file of the provider, not of the bank/],
    ['a source that is none', [fixture('stripe-itemised.csv'), '--source', 'paypal'], /no source "paypal"/],
  ])('%s', async (_, args, sentence) => {
    await expect(run(args)).rejects.toThrow(sentence);
  });
});
