import { describe, expect, it } from 'vitest';
import { minorDigits } from '../../apps/api/src/core/currency.ts';
import { addDays, isBusinessDay, utcDate } from '../../apps/api/src/core/time.ts';
import { SettlementCollector } from '../../apps/api/src/settlement/settlement-batch.ts';
import { detectFormat, FORMATS } from '../../apps/api/src/settlement/settlement-format.ts';
import type { SettlementLine, SettlementStatement } from '../../apps/api/src/settlement/settlement-line.ts';
import { badDay } from './bad-day.ts';
import { camt053 } from './camt-writer.ts';
import { of } from './featured.ts';
import { sandboxBooks } from './sandbox-books.ts';
import { settlementDays } from './settlement-days.ts';
import { type DemoFile, settlementFiles } from './settlement-files.ts';
import { stripeItemisedCsv } from './stripe-csv-writer.ts';

/** Reads a file as an import does. Throws when the reader finds a fault. */
async function read({ filename, content }: Pick<DemoFile, 'filename' | 'content'>) {
  const bytes = Buffer.from(content);
  const format = detectFormat(bytes, filename);
  if (!format) throw new Error(`${filename} is of no known format.`);
  const lines: SettlementLine[] = [];
  const statements: SettlementStatement[] = [];
  const all = new SettlementCollector();
  for await (const batch of FORMATS[format].read(pieces(bytes))) {
    lines.push(...batch.lines);
    statements.push(...batch.statements);
    for (const fault of batch.faults) all.add(fault);
  }
  const { faults } = all.take();
  if (faults.length > 0) throw new Error(`${filename}: ${faults.map(({ text }) => text).join('; ')}`);
  return { format, lines, statements };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.each(['2026-11-20T10:00:00Z', '2026-11-21T03:26:00Z', '2026-11-23T04:10:00Z'])('at %s', (iso) => {
  const now = new Date(iso);
  const day = badDay(now);
  const files = settlementFiles(day);

  it('has a file a source for the history and for each day through yesterday, five business days among them', () => {
    const days = settlementDays(now);
    expect(days.at(-1)).toBe(addDays(utcDate(now), -1));
    expect(days.filter((on) => isBusinessDay(on))).toHaveLength(5);
    for (const source of ['provider', 'bank']) {
      const through = files.filter((file) => file.source === source).map((file) => file.through);
      expect(through).toEqual([addDays(days[0] ?? utcDate(now), -1), ...days]);
    }
    expect(new Set(files.map(({ filename }) => filename)).size).toBe(files.length);
  });

  it('tells the same story three times: what the sandbox moved, the provider lists and the bank shows', async () => {
    const known = new Map(sandboxBooks(day).map((book) => [book.id, book]));
    const shown = new Map<string, bigint[]>();
    const atBank = new Map<string, bigint[]>();
    for (const file of files) {
      const { format, lines, statements } = await read(file);
      expect(format).toBe(file.source === 'provider' ? 'stripe_itemised_csv' : 'camt');
      expect(lines.every(({ bookedOn }) => bookedOn !== null && bookedOn <= file.through)).toBe(true);
      if (file.source === 'bank') {
        expect(statements.map(({ balanceCheck }) => balanceCheck)).toEqual(statements.map(() => 'agrees'));
        expect(statements.every(({ closingMinor }) => (closingMinor ?? 0n) > 0n)).toBe(true);
        for (const line of lines) {
          if (line.endToEndId) atBank.set(line.endToEndId, [...(atBank.get(line.endToEndId) ?? []), line.amountMinor]);
        }
      } else {
        for (const line of lines) {
          const book = known.get(line.providerRef ?? '');
          expect(book).toMatchObject({
            amount: Math.abs(Number(line.amountMinor)),
            currency: line.currency.toLowerCase(),
          });
          const key = book?.metadata.attempt_id ?? '';
          shown.set(key, [...(shown.get(key) ?? []), line.netMinor]);
        }
      }
    }
    // Every payout that the provider made before today is in its files.
    const before = [...known.values()].filter(({ created, status }) => {
      return status !== 'failed' && utcDate(new Date(created * 1000)) < utcDate(now);
    });
    expect(before.filter(({ metadata }) => !shown.has(metadata.attempt_id ?? ''))).toEqual([]);
    const differing = [...shown].filter(([attempt, nets]) => String(atBank.get(attempt)) !== String(nets));
    // One that nobody here made, one shown twice, one not yet, two without our reference.
    expect(differing).toHaveLength(5);
    expect(atBank.size).toBe(shown.size - 4);
  });
});

it('writes each currency with its own decimals, and quotes what needs it', async () => {
  const movement = {
    providerRef: 'po_1Sabc',
    reversal: false,
    feeMinor: 0n,
    at: new Date('2026-11-20T08:00:00Z'),
    on: utcDate(new Date('2026-11-20T08:00:00Z')),
    arrivesOn: utcDate(new Date('2026-11-21T08:00:00Z')),
    payee: 'Şule "Ş" Çağlayan, Ltd',
    descriptor: 'AB-1',
    ours: { payoutId: 'po_x', attemptId: 'at_x' },
    atBank: 'once' as const,
  };
  const grosses = [of('JPY -1204000'), of('KWD -2450.750'), of('EUR -0.05')];
  const content = stripeItemisedCsv(grosses.map((gross) => ({ ...movement, gross })));
  const { lines } = await read({ filename: 'x.csv', content });
  expect(lines.map(({ amountMinor, currency }) => `${currency} ${amountMinor}`)).toEqual([
    'JPY -1204000',
    'KWD -2450750',
    'EUR -5',
  ]);
  expect(lines.map(({ counterparty }) => counterparty)).toEqual(grosses.map(() => movement.payee));
  expect(grosses.map(({ currency }) => minorDigits(currency))).toEqual([0, 3, 2]);
});

it('writes a statement without entries, and names with signs that XML keeps for itself', async () => {
  const on = utcDate(new Date('2026-11-20T08:00:00Z'));
  const entry = { on, amount: of('EUR -1.00'), bankRef: 'B1', endToEndId: null, counterparty: 'Harbour & <Sons>' };
  const content = camt053({
    ...{ iban: 'DE02100500000024290661', owner: 'A & B', from: on, through: on, createdAt: new Date(on) },
    statements: [
      { currency: 'EUR', openingMinor: 50n, entries: [{ ...entry, remittance: 'x' }] },
      { currency: 'KWD', openingMinor: 0n, entries: [] },
    ],
  });
  const { lines, statements } = await read({ filename: 'x.xml', content });
  expect(lines.map(({ counterparty }) => counterparty)).toEqual(['Harbour & <Sons>']);
  expect(statements.map(({ closingMinor }) => closingMinor)).toEqual([-50n, 0n]);
});
