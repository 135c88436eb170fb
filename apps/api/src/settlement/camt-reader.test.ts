import { describe, expect, test } from 'vitest';
import { readCamt053 } from './camt-reader.ts';
import { fixture, fixtureText, named, readAll } from './fixtures/reading.ts';
import { FILE_LIMITS } from './settlement-fault.ts';

const read = (text: string | Uint8Array | AsyncIterable<Uint8Array>) => readAll(readCamt053, text);
const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02';

/** A small version 2 statement: 100.00 EUR at the start, `entries`, `closing` at the end. */
function statement(entries: string, closing = '100.00', more = ''): string {
  const balance = (code: string, amount: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`;
  return `<Stmt><Id>S</Id><Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>
${balance('OPBD', '100.00')}${balance('CLBD', closing)}${more}
${entries}
</Stmt>`;
}
const message = (statements: string, namespace = NAMESPACE) =>
  `<Document xmlns="${namespace}"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>\n${statements}</BkToCstmrStmt></Document>`;
function entry(amount: string, side = 'CRDT', more = '', currency = 'EUR'): string {
  return `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts>BOOK</Sts>${more}</Ntry>`;
}
const codes = async (text: string) => named((await read(text)).faults);

describe('a good statement', () => {
  test('each booked entry is a line; a batch that is itemised is a line per payment', async () => {
    const { lines, faults } = await read(fixture('camt053.v8.xml'));
    expect(faults).toEqual([]);
    expect(
      lines.map((l) => [l.lineNo, l.amountMinor, l.providerRef, l.ourRef, l.endToEndId, l.counterparty, l.description]),
    ).toEqual([
      [1, -125_040n, 'BATCH-77-1', 'at_01jdqmwyggfgz9t48a3cp3tkjh', 'E2E-1', 'Kuzey & Oğulları Ltd.', 'Payout one'],
      [
        2,
        -5_010n,
        'BATCH-77-2',
        'po_01jdqmwyggfgz9t48a3cp3tkjj',
        null,
        'Güney A.Ş.',
        'po_01jdqmwyggfgz9t48a3cp3tkjj & more',
      ],
      [3, 40_000n, 'IN-1', 'RF18539007547034', 'STRIPE-PAYOUT-9', 'Stripe Technology Europe Ltd', null],
      [4, 40_000n, 'IN-1', 'RF18539007547034', 'STRIPE-PAYOUT-9', 'Stripe Technology Europe Ltd', null],
      [5, -125_000n, null, null, null, null, 'Salaries'],
      [6, -500n, null, null, null, null, 'Account fee'],
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({
        statementNo: 1,
        source: 'bank',
        kind: 'bank_entry',
        account: 'NL26VAYB8060476890',
        currency: 'EUR',
        feeMinor: 0n,
        netMinor: line.amountMinor,
        bookedOn: '2026-11-20',
      });
    }
    expect(lines.map((line) => line.valueOn)).toEqual([
      '2026-11-20',
      '2026-11-20',
      '2026-11-21',
      '2026-11-21',
      '2026-11-20',
      null,
    ]);
  });

  test('statements carry the balances that the lines were checked against', async () => {
    const { statements } = await read(fixture('camt053.v8.xml'));
    expect(statements).toEqual([
      {
        statementNo: 1,
        source: 'bank',
        reference: 'EUR-2026-11-20',
        account: 'NL26VAYB8060476890',
        currency: 'EUR',
        openingMinor: 1_000_000n,
        closingMinor: 824_450n,
        entries: 5,
        pendingEntries: 1,
        creditsMinor: 80_000n,
        debitsMinor: 255_550n,
        balanceCheck: 'agrees',
        fromOn: '2026-11-20',
        toOn: '2026-11-20',
      },
      {
        statementNo: 2,
        source: 'bank',
        reference: 'TRY-2026-11-20',
        account: 'TR-42',
        currency: 'TRY',
        openingMinor: -10_000n,
        closingMinor: -10_000n,
        entries: 0,
        pendingEntries: 0,
        creditsMinor: 0n,
        debitsMinor: 0n,
        balanceCheck: 'agrees',
        fromOn: null,
        toOn: null,
      },
    ]);
  });

  test('raw is the payment, or else the whole entry, as it stands in the file', async () => {
    const { lines } = await read(fixture('camt053.v8.xml'));
    const source = fixtureText('camt053.v8.xml');
    for (const line of lines) expect(source).toContain(line.raw);
    expect(lines[0]?.raw).toMatch(/^<TxDtls>.*E2E-1.*<\/TxDtls>$/s);
    expect(lines[2]?.raw).toMatch(/^<Ntry>.*IN-1.*<TxDtls>.*<\/TxDtls>.*<\/Ntry>$/s);
    expect(lines[5]?.raw).toMatch(/^<Ntry>.*Account fee.*<\/Ntry>$/s);
  });

  test.each(['02', '03', '04', '05', '06', '07', '08'])('version %s is read', async (version) => {
    const text = message(statement(entry('1.00'), '101.00'), `urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}`);
    expect(await read(text)).toMatchObject({ faultCount: 0, lines: [{ amountMinor: 100n }] });
  });

  test.each<[string, string, string]>([
    ['052', 'BkToCstmrAcctRpt', 'Rpt'],
    ['054', 'BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
  ])('camt.%s is read, its balances unchecked where it has none', async (number, root, part) => {
    const account = '<Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id></Acct>';
    const text = `<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.${number}.001.04"><n:${root}><n:${part}>
      ${`${account}${entry('7.00', 'DBIT')}`.replace(/<(\/?)/g, '<$1n:')}</n:${part}></n:${root}></n:Document>`;
    const { lines, statements, faults } = await read(text);
    expect(faults).toEqual([]);
    expect(lines[0]).toMatchObject({ amountMinor: -700n, currency: 'EUR' });
    expect(statements[0]).toMatchObject({ balanceCheck: 'unchecked', openingMinor: null, closingMinor: null });
  });

  test('a balance in another currency is not this account’s, so the check is left open and says so', async () => {
    const text = message(statement(entry('1.00'), '101.00')).replace('<Amt Ccy="EUR">101.00', '<Amt Ccy="SEK">27.00');
    const { statements, faultCount } = await read(text);
    expect(faultCount).toBe(0);
    expect(statements[0]).toMatchObject({ openingMinor: 10_000n, closingMinor: null, balanceCheck: 'unchecked' });
  });

  test('a page of a statement opens and closes with interim balances', async () => {
    const page = (closing: string) =>
      message(
        statement(entry('1.00'), closing, '<StmtPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>')
          .replace('OPBD', 'ITBD')
          .replace('CLBD', 'ITBD'),
      );
    expect((await read(page('101.00'))).statements[0]?.balanceCheck).toBe('agrees');
    expect(await codes(page('102.00'))).toEqual(['3 balance_mismatch']);
  });

  test('a reversal counts by its own indicator', async () => {
    const text = message(statement(entry('1.00', 'CRDT', '<RvslInd>true</RvslInd>'), '101.00'));
    expect(await read(text)).toMatchObject({ faultCount: 0, lines: [{ amountMinor: 100n }] });
  });

  test('zeros beyond the currency’s decimals are read; the files of some banks have them', async () => {
    expect(await read(message(statement(entry('1.00000'), '101.000')))).toMatchObject({
      faultCount: 0,
      lines: [{ amountMinor: 100n }],
    });
  });

  test('included charges may explain why payments and entry differ; the entry is then one line', async () => {
    const payment = (amount: string) => `<TxDtls><Amt Ccy="EUR">${amount}</Amt></TxDtls>`;
    const charges = '<Chrgs><Rcrd><Amt Ccy="EUR">0.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>';
    const details = `<NtryDtls>${payment('1.00')}${payment('2.00')}</NtryDtls>`;
    const { lines, faults } = await read(message(statement(entry('2.50', 'CRDT', charges + details), '102.50')));
    expect(faults).toEqual([]);
    expect(lines.map((line) => line.amountMinor)).toEqual([250n]);
  });

  test('what is not of the message is passed over', async () => {
    const alien = `<x:Ntry xmlns:x="urn:other"><x:Amt Ccy="EUR">9</x:Amt></x:Ntry>`;
    const envelope = `<SplmtryData><Envlp>${entry('9.00')}</Envlp></SplmtryData>`;
    expect((await read(message(statement(`${alien}${entry('1.00')}${envelope}`, '101.00')))).lines).toHaveLength(1);
  });

  test('ISO-8859-9 is read as declared', async () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-9"?>${message(
      statement(entry('1.00', 'CRDT', '<AddtlNtryInf>\u00f0\u00fd\u00fe</AddtlNtryInf>'), '101.00'),
    )}`;
    const bytes = new Uint8Array(Array.from(text, (char) => char.charCodeAt(0)));
    expect((await read(bytes)).lines[0]?.description).toBe('ğış');
  });
});

describe('totals that do not hold', () => {
  const payment = (amount: string, side = 'CRDT') =>
    `<TxDtls><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd></TxDtls>`;
  const batch = (head: string) =>
    message(
      statement(
        entry('3.00', 'CRDT', `<NtryDtls><Btch>${head}</Btch>${payment('1.00')}${payment('2.00')}</NtryDtls>`),
        '103.00',
      ),
    );
  const summary = (inner: string) =>
    message(statement(`${entry('3.00')}${entry('1.00', 'DBIT')}`, '102.00', `<TxsSummry>${inner}</TxsSummry>`));

  test.each<[string, string, string[]]>([
    ['closing', message(statement(entry('1.00'), '101.01')), ['3 balance_mismatch']],
    ['an entry that was dropped', message(statement(entry('1.00'), '102.00')), ['3 balance_mismatch']],
    [
      'two openings',
      message(
        statement('', '100.00').replace(
          '<Bal>',
          `<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal><Bal>`,
        ),
      ),
      ['3 balance_repeated'],
    ],
    ['number of entries', summary('<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>'), ['3 entry_count_mismatch']],
    ['sum of entries', summary('<TtlNtries><Sum>3.00</Sum></TtlNtries>'), ['3 entry_sum_mismatch']],
    [
      'net of entries, version 2',
      summary('<TtlNtries><TtlNetNtryAmt>2.00</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd></TtlNtries>'),
      ['3 entry_sum_mismatch'],
    ],
    [
      'net of entries, version 4',
      summary('<TtlNtries><TtlNetNtry><Amt>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>'),
      ['3 entry_sum_mismatch'],
    ],
    [
      'credits',
      summary('<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>4.00</Sum></TtlCdtNtries>'),
      ['3 entry_sum_mismatch'],
    ],
    [
      'debits',
      summary('<TtlDbtNtries><NbOfNtries>2</NbOfNtries><Sum>1.00</Sum></TtlDbtNtries>'),
      ['3 entry_count_mismatch'],
    ],
    ['a count that is none', summary('<TtlNtries><NbOfNtries>two</NbOfNtries></TtlNtries>'), ['3 count_malformed']],
    ['payments of a batch', batch('<NbOfTxs>3</NbOfTxs>'), ['4 batch_count_mismatch']],
    ['sum of a batch', batch('<TtlAmt Ccy="EUR">4.00</TtlAmt>'), ['4 batch_sum_mismatch']],
    [
      'payments and their entry',
      message(statement(entry('3.00', 'CRDT', `<NtryDtls>${payment('1.00')}${payment('1.00')}</NtryDtls>`), '103.00')),
      ['4 details_sum_mismatch'],
    ],
    [
      'a payment on the other side',
      message(
        statement(entry('3.00', 'CRDT', `<NtryDtls>${payment('1.00', 'DBIT')}${payment('2.00')}</NtryDtls>`), '103.00'),
      ),
      ['4 details_sum_mismatch'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  test('totals that hold give no fault', async () => {
    const totals =
      '<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>4.00</Sum><TtlNetNtryAmt>2.00</TtlNetNtryAmt><CdtDbtInd>CRDT</CdtDbtInd></TtlNtries>';
    expect(await codes(summary(totals))).toEqual([]);
    expect(await codes(batch('<NbOfTxs>2</NbOfTxs><TtlAmt Ccy="EUR">3.00</TtlAmt>'))).toEqual([]);
  });

  test('the sentence says both numbers', async () => {
    const { faults } = await read(message(statement(entry('1.00'), '101.01')));
    expect(faults[0]?.text).toBe(
      'Opening 100.00 + credits 1.00 − debits 0.00 is 101.00; the statement closes with 101.01 EUR.',
    );
  });
});

describe('lines that cannot be read', () => {
  test.each<[string, string, string[]]>([
    ['decimals', entry('1.005'), ['4 amount_decimals']],
    ['an amount', entry('1,00'), ['4 amount_malformed']],
    ['a sign of its own', entry('-1.00'), ['4 amount_malformed']],
    ['an amount beyond 64 bits', entry('99999999999999999999'), ['4 amount_too_large']],
    ['a currency', entry('1.00', 'CRDT', '', 'XBT'), ['4 currency_unknown']],
    ['another currency than the account', entry('1.00', 'CRDT', '', 'USD'), ['4 currency_mismatch']],
    ['an indicator', entry('1.00', 'BOTH'), ['4 indicator_invalid']],
    ['a date', entry('1.00', 'CRDT', '<BookgDt><Dt>2026-02-30</Dt></BookgDt>'), ['4 date_invalid']],
    ['no amount, no status, no side', '<Ntry/>', ['4 value_missing', '4 value_missing', '4 value_missing']],
    ['each of several', `${entry('x')}\n${entry('1.00')}\n${entry('y')}`, ['4 amount_malformed', '6 amount_malformed']],
  ])('%s', async (_, entries, expected) => {
    const { faults } = await read(message(statement(entries)));
    expect(named(faults.filter((fault) => fault.code !== 'balance_mismatch'))).toEqual(expected);
  });

  test('totals over unreadable lines are not reported on top', async () => {
    expect(await codes(message(statement(entry('x'), '999.00')))).toEqual(['4 amount_malformed']);
  });

  test('a statement without an account', async () => {
    const text = message(statement(entry('1.00'), '101.00').replace(/<Acct>.*<\/Acct>/, ''));
    expect(await codes(text)).toEqual(['2 value_missing']);
  });
});

describe('files that cannot be read', () => {
  const deep = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
  const long = 'x'.repeat(FILE_LIMITS.xmlTextChars + 1);

  test.each<[string, string, string[]]>([
    [
      'too many statements',
      message('<Stmt><Acct><Id><IBAN>X</IBAN></Id></Acct></Stmt>'.repeat(FILE_LIMITS.statements + 1)),
      ['2 statements_too_many'],
    ],
    ['a message without a statement', message(''), ['2 statement_missing']],
    ['another namespace', message('', 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'), ['1 xml_message_unsupported']],
    ['version 1', message('', 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.01'), ['1 xml_message_unsupported']],
    ['version 9', message('', 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.09'), ['1 xml_message_unsupported']],
    [
      'the root of another message',
      `<Document xmlns="${NAMESPACE}"><BkToCstmrAcctRpt/></Document>`,
      ['1 xml_message_unsupported'],
    ],
    ['another document', '<html></html>', ['1 xml_message_unsupported']],
    ['a DOCTYPE', `<!DOCTYPE Document [<!ENTITY a "b">]>${message(statement(''))}`, ['1 xml_doctype']],
    ['an entity that is not XML’s own', message(statement('<Ntry>&nbsp;</Ntry>')), ['4 xml_malformed']],
    ['a file that was cut off', message(statement(entry('1.00'), '101.00')).slice(0, -20), ['5 xml_malformed']],
    ['a tag that does not match', message('<Stmt><Id></Acct>'), ['2 xml_malformed']],
    ['nothing', '', ['- file_empty']],
    ['depth', message(statement(deep(FILE_LIMITS.xmlDepth))), ['4 xml_too_deep']],
    ['a long text', message(statement(entry('1.00', 'CRDT', `<X>${long}</X>`))), ['4 xml_text_too_long']],
    [
      'a long text in pieces',
      message(statement(entry('1.00', 'CRDT', `<X>${`${long.slice(9)}<![CDATA[123456789]]>y`}</X>`))),
      ['4 xml_text_too_long'],
    ],
    ['a long attribute', message(statement(`<Ntry x="${long}"/>`)), ['4 xml_text_too_long']],
    ['a long comment', message(`<!-- ${long.repeat(4)} -->`), ['2 xml_text_too_long']],
    ['a long name', `<${long.repeat(4)}`, ['1 xml_text_too_long']],
    [
      'an entry of too many elements',
      message(statement(`<Ntry>${'<X/>'.repeat(FILE_LIMITS.xmlElements)}</Ntry>`)),
      ['4 entry_too_large'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await codes(text)).toEqual(expected);
  });

  test('an entry that never ends is refused before it fills the memory', async () => {
    const payment = `<TxDtls><Refs><EndToEndId>${'e'.repeat(900)}</EndToEndId></Refs></TxDtls>`.repeat(1_000);
    let given = 0;
    async function* endless() {
      yield new TextEncoder().encode(message(statement('<Ntry><NtryDtls>')).split('</Stmt>')[0] ?? '');
      for (;;) {
        given += payment.length;
        yield new TextEncoder().encode(payment);
      }
    }
    expect(named((await read(endless())).faults)).toEqual(['5 entry_too_large']);
    expect(given).toBeLessThan(FILE_LIMITS.xmlEntryChars + 2 * payment.length);
  });

  test('what was read before is still handed on; it is the caller who imports all or nothing', async () => {
    const { lines, faultCount } = await read(message(`${statement(entry('1.00'), '101.00')}<Stmt><Id></Acct>`));
    expect(lines).toHaveLength(1);
    expect(faultCount).toBe(1);
  });
});
