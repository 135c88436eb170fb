import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalString, money } from '../core/money.ts';
import { readCamt053 } from './camt-reader.ts';
import { inChunks, readAll } from './fixtures/reading.ts';

const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const;
const cents = fc.bigInt({ min: 0n, max: 10n ** 12n });

interface Entry {
  payments: { minor: bigint; debit: boolean; name: string }[];
  booked: boolean;
}

const entry = fc.record({
  payments: fc.array(
    fc.record({
      minor: cents,
      debit: fc.boolean(),
      name: fc.string({ unit: fc.constantFrom('a', 'ş', '&', '<', '"', ' ', '😀', '\n', ']]>'), maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  booked: fc.boolean(),
});

const statements = fc.array(
  fc.record({
    currency: fc.constantFrom(...CURRENCIES),
    opening: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    entries: fc.array(entry, { maxLength: 4 }),
    /** What is added to a total so that it no longer holds. */
    off: fc.record({ closing: fc.constantFrom(0n, 0n, 0n, 1n, -1n), count: fc.constantFrom(0, 0, 0, 1) }),
    pretty: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const signed = (payment: Entry['payments'][number]) => (payment.debit ? -payment.minor : payment.minor);
const total = (given: Entry) => given.payments.reduce((sum, payment) => sum + signed(payment), 0n);

function write(given: typeof statements extends fc.Arbitrary<infer T> ? T : never): string {
  const written = given.map(({ currency, opening, entries, off, pretty }, i) => {
    const gap = pretty ? '\n  ' : '';
    const amount = (minor: bigint) => {
      const shown = decimalString(money(minor < 0n ? -minor : minor, currency));
      return `<Amt Ccy="${currency}">${shown}</Amt>${gap}<CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
    };
    const balance = (code: string, minor: bigint) =>
      `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(minor)}</Bal>${gap}`;
    const closing = entries.reduce((sum, e) => (e.booked ? sum + total(e) : sum), opening);
    const body = entries.map((e) => {
      const payments = e.payments.map(
        (p) =>
          `${gap}<TxDtls><Amt Ccy="${currency}">${decimalString(money(p.minor, currency))}</Amt><CdtDbtInd>${p.debit ? 'DBIT' : 'CRDT'}</CdtDbtInd><RmtInf><Ustrd>${escaped(p.name)}</Ustrd></RmtInf></TxDtls>`,
      );
      return `<Ntry>${amount(total(e))}<Sts>${e.booked ? 'BOOK' : 'PDNG'}</Sts><NtryDtls>${payments.join('')}</NtryDtls></Ntry>${gap}`;
    });
    return `<Stmt><Id>${i}</Id><Acct><Id><IBAN>X${i}</IBAN></Id><Ccy>${currency}</Ccy></Acct>${balance('OPBD', opening)}${balance('CLBD', closing + off.closing)}<TxsSummry><TtlNtries><NbOfNtries>${entries.length + off.count}</NbOfNtries></TtlNtries></TxsSummry>${body.join('')}</Stmt>`;
  });
  return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"><BkToCstmrStmt><GrpHdr/>${written.join('')}</BkToCstmrStmt></Document>`;
}

test('statements are without fault exactly when their totals hold, and their lines sum to their entries', async () => {
  await fc.assert(
    fc.asyncProperty(statements, async (given) => {
      const { lines, statements: read, faults } = await readAll(readCamt053, write(given));
      const broken = given.flatMap(({ off }) => [
        ...(off.count === 0 ? [] : ['entry_count_mismatch']),
        // A statement that is already known not to hold is not checked further.
        ...(off.closing === 0n ? [] : ['balance_mismatch']),
      ]);
      expect(faults.map((fault) => fault.code)).toEqual(broken);
      expect(read).toHaveLength(given.length);
      for (const [i, { currency, entries }] of given.entries()) {
        const own = lines.filter((line) => line.statementNo === i + 1);
        const booked = entries.filter((e) => e.booked);
        expect(own.every((line) => line.currency === currency)).toBe(true);
        expect(own.map((line) => line.amountMinor)).toEqual(
          booked.flatMap((e) => (e.payments.length > 1 ? e.payments.map(signed) : [total(e)])),
        );
      }
      expect(lines.map((line) => line.lineNo)).toEqual(lines.map((_, i) => i + 1));
    }),
  );
});

test('bytes cut anywhere give the same lines, statements and faults', async () => {
  await fc.assert(
    fc.asyncProperty(statements, fc.array(fc.nat({ max: 4_000 })), async (given, cuts) => {
      const text = write(given);
      const whole = await readAll(readCamt053, text);
      expect(
        await readAll(
          readCamt053,
          inChunks(
            text,
            cuts.toSorted((a, b) => a - b),
          ),
        ),
      ).toEqual(whole);
      for (const line of whole.lines) expect(text).toContain(line.raw);
    }),
  );
});

test('a file of several pieces is read as one: an entry may begin in one and end in another', async () => {
  const entries = Array.from({ length: 300 }, (_, i) => ({
    payments: [
      { minor: BigInt(i), debit: true, name: `ş${'x'.repeat(i)}` },
      { minor: 1n, debit: true, name: '😀' },
    ],
    booked: true,
  }));
  const off = { closing: 0n, count: 0 } as const;
  const given = [true, false].map((pretty) => ({ currency: 'EUR' as const, opening: 5n, entries, off, pretty }));
  const text = write(given);
  expect(text.length).toBeGreaterThan(3 * 65_536);
  const { lines, faultCount } = await readAll(readCamt053, text);
  expect(faultCount).toBe(0);
  expect(lines).toHaveLength(1_200);
  for (const line of lines) {
    expect(line.raw.startsWith('<TxDtls>') && line.raw.endsWith('</TxDtls>')).toBe(true);
    expect(text).toContain(line.raw);
  }
});
