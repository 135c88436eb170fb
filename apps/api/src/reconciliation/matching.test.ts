import { describe, expect, test } from 'vitest';
import type { PayoutStatus } from '../payouts/payout.ts';
import {
  BARE,
  bankLine,
  coverage,
  item,
  kinds,
  LAST_DAY,
  LATE_DAY,
  line,
  match,
  only,
} from '../testing/settlement-cases.ts';
import { NO_TOLERANCE } from './tolerance.ts';

describe('agreement', () => {
  test('ledger, provider and bank that agree give no break, and each match says why', () => {
    const result = match({ ledger: [item('1')], provider: [line('1')], bank: [bankLine('1')] });
    expect(result.findings).toEqual([]);
    expect(result.matches).toEqual([
      {
        side: 'ledger_provider',
        rule: 'provider_reference',
        ledgerKeys: ['L-1'],
        providerKeys: ['P-1'],
        bankKeys: [],
        agreed: ['provider_reference', 'our_reference', 'currency', 'amount', 'status', 'fee', 'net'],
        differs: [],
      },
      {
        side: 'provider_bank',
        rule: 'our_reference',
        ledgerKeys: ['L-1'],
        providerKeys: ['P-1'],
        bankKeys: ['B-1'],
        agreed: ['our_reference', 'currency', 'amount'],
        differs: [],
      },
    ]);
    expect(result.totals).toEqual([
      { currency: 'EUR', volumeMinor: 10_000n, mismatchedMinor: 0n, differenceMinor: 0n },
    ]);
  });

  test('two equal payments on one day are two lines, each with its own payout', () => {
    const result = match({ ledger: [item('1'), item('2')], provider: [line('1'), line('2')] });
    expect(result.findings).toEqual([]);
    expect(result.matches.map((one) => [...one.ledgerKeys, ...one.providerKeys])).toEqual([
      ['L-1', 'P-1'],
      ['L-2', 'P-2'],
    ]);
  });

  test('a line is found by our reference when the provider’s was never learned', () => {
    const lost = item('1', { attempts: [{ attemptId: 'attempt-1', providerRef: null }] });
    const result = match({ ledger: [lost], provider: [line('1')] });
    expect(result.findings).toEqual([]);
    expect(result.matches[0]?.rule).toBe('our_reference');
  });

  test('the standards’ words for "no reference" are no reference', () => {
    const bare = line('1', { providerRef: 'NONREF', ourRefs: ['NOTPROVIDED', ' '], counterparty: 'Ege Lojistik AS' });
    const result = match({ ledger: [item('1')], provider: [bare] });
    expect(result.matches[0]?.rule).toBe('amount_date_counterparty');
  });
});

describe('each break', () => {
  test('missing at the provider: paid here, unknown there', () => {
    const result = match({ ledger: [item('1')], provider: [] });
    expect(only(result)).toMatchObject({
      type: 'missing_at_provider',
      detail: 'provider_lacks_paid',
      anchor: ['payout-1'],
      period: '2026-11-16',
      oursMinor: -10_000n,
      providerMinor: null,
      differenceMinor: 10_000n,
      subjects: { payoutIds: ['payout-1'], ledgerKeys: ['L-1'] },
    });
  });

  test('missing in the ledger: a debit that we know nothing of', () => {
    const result = match({ provider: [line('9', { grossMinor: -731_055n })] });
    expect(only(result)).toMatchObject({
      type: 'missing_in_ledger',
      detail: 'debit_unknown',
      anchor: ['po_9', 'EUR'],
      oursMinor: null,
      providerMinor: -731_055n,
      differenceMinor: -731_055n,
      unknownDebit: true,
    });
  });

  test('missing in the ledger: a credit is no unknown debit, and neither is a fee', () => {
    expect(only(match({ provider: [line('9', { grossMinor: 100n })] }))).toMatchObject({
      detail: 'credit_unknown',
      unknownDebit: false,
    });
    expect(only(match({ provider: [line('9', { kind: 'fee', grossMinor: -35n })] }))).toMatchObject({
      detail: 'fee_unknown',
      unknownDebit: false,
    });
  });

  test('amount mismatch: one minor unit is enough', () => {
    const result = match({ ledger: [item('1')], provider: [line('1', { grossMinor: -9_999n })] });
    expect(only(result)).toMatchObject({
      type: 'amount_mismatch',
      detail: 'gross_differs',
      oursMinor: -10_000n,
      providerMinor: -9_999n,
      differenceMinor: 1n,
    });
    expect(result.matches[0]?.differs).toEqual(['amount']);
  });

  test('amount mismatch: a net that is not gross less fee', () => {
    const result = match({ ledger: [item('1')], provider: [line('1', { netMinor: -10_050n })] });
    expect(only(result)).toMatchObject({ type: 'amount_mismatch', detail: 'net_differs', differenceMinor: -50n });
  });

  test('currency mismatch: amounts of two currencies are not compared', () => {
    const result = match({ ledger: [item('1')], provider: [line('1', { currency: 'USD' })] });
    expect(only(result)).toMatchObject({ type: 'currency_mismatch', oursMinor: -10_000n, providerMinor: null });
  });

  test('fee mismatch: gross, fee and net reconcile for themselves', () => {
    const ledger = [item('1', { feeMinor: 35n })];
    const result = match({ ledger, provider: [line('1', { feeMinor: 37n })] });
    expect(only(result)).toMatchObject({
      type: 'fee_mismatch',
      detail: 'fee_differs',
      oursMinor: -35n,
      providerMinor: -37n,
      differenceMinor: -2n,
    });
    expect(kinds(match({ ledger, provider: [line('1', { feeMinor: 37n, grossMinor: -9_000n })] }))).toEqual([
      'amount_mismatch/gross_differs',
      'fee_mismatch/fee_differs',
    ]);
    expect(match({ ledger, provider: [line('1', { feeMinor: 35n })] }).findings).toEqual([]);
  });

  test('a source that reports no fees is not compared by them', () => {
    const ledger = [item('1', { feeMinor: 35n })];
    expect(match({ ledger, provider: [line('1', { feeMinor: null, netMinor: null })] }).findings).toEqual([]);
  });

  test('a fee on a line of its own counts as the payout’s fee', () => {
    const fee = line('1-fee', { kind: 'fee', grossMinor: -35n, providerRef: null, ourRefs: ['payout-1'] });
    const own = item('1', { feeMinor: 35n });
    expect(match({ ledger: [own], provider: [line('1'), fee] }).findings).toEqual([]);
    expect(kinds(match({ ledger: [item('1')], provider: [line('1'), fee] }))).toEqual(['fee_mismatch/fee_differs']);
  });

  test('a fee of the ledger is matched with the provider’s fee', () => {
    const fee = item('f', { kind: 'fee', payoutId: null, grossMinor: -35n, ourRefs: ['inv-7'], attempts: [] });
    const theirs = line('f', { kind: 'fee', grossMinor: -35n, providerRef: null, ourRefs: ['inv-7'] });
    expect(match({ ledger: [fee], provider: [theirs] }).findings).toEqual([]);
    expect(only(match({ ledger: [fee], provider: [{ ...theirs, grossMinor: -36n, netMinor: -36n }] }))).toMatchObject({
      type: 'fee_mismatch',
      anchor: ['L-f'],
      differenceMinor: -1n,
    });
  });

  test('duplicate at the provider: two debits of one payout', () => {
    const second = line('2', { providerRef: 'po_other', ourRefs: ['payout-1'] });
    const result = match({ ledger: [item('1')], provider: [line('1'), second] });
    expect(only(result)).toMatchObject({
      type: 'duplicate_at_provider',
      detail: 'two_debits_at_provider',
      oursMinor: -10_000n,
      providerMinor: -20_000n,
      differenceMinor: -10_000n,
      subjects: { providerKeys: ['P-1', 'P-2'] },
    });
  });

  test('duplicate at the provider: the same reference twice', () => {
    const again = line('1', { key: 'P-1-again' });
    expect(only(match({ ledger: [item('1')], provider: [line('1'), again] }))).toMatchObject({
      type: 'duplicate_at_provider',
      detail: 'two_debits_at_provider',
    });
    expect(only(match({ provider: [line('1'), again] }))).toMatchObject({
      type: 'duplicate_at_provider',
      detail: 'repeated_debit_unknown',
      unknownDebit: true,
    });
  });

  test('duplicate at the provider: unknown answer, new attempt, and the first one succeeded late', () => {
    const retried = item('1', {
      attempts: [
        { attemptId: 'attempt-1a', providerRef: null },
        { attemptId: 'attempt-1b', providerRef: 'po_1b' },
      ],
    });
    const late = line('1a', { providerRef: 'po_never_learned', ourRefs: ['attempt-1a'] });
    expect(kinds(match({ ledger: [retried], provider: [line('1b'), late] }))).toEqual([
      'duplicate_at_provider/two_debits_at_provider',
    ]);
  });

  test('duplicate at the bank: one payout, two debits', () => {
    const result = match({
      ledger: [item('1', { grossMinor: -1_290_410n })],
      provider: [line('1', { grossMinor: -1_290_410n })],
      bank: [
        bankLine('118', { amountMinor: -1_290_410n, ourRefs: ['attempt-1'] }),
        bankLine('119', { amountMinor: -1_290_410n, ourRefs: ['payout-1'] }),
      ],
    });
    expect(only(result)).toMatchObject({
      type: 'duplicate_at_provider',
      detail: 'two_debits_at_bank',
      side: 'provider_bank',
      oursMinor: -1_290_410n,
      providerMinor: -1_290_410n,
      bankMinor: -2_580_820n,
      differenceMinor: -1_290_410n,
      subjects: { bankKeys: ['B-118', 'B-119'], payoutIds: ['payout-1'] },
    });
  });

  test('duplicate in the ledger: two entries of one payout', () => {
    const result = match({ ledger: [item('1'), item('1', { key: 'L-1-again' })], provider: [line('1')] });
    expect(only(result)).toMatchObject({
      type: 'duplicate_in_ledger',
      detail: 'two_entries_one_payout',
      side: 'ledger',
      differenceMinor: 10_000n,
      subjects: { ledgerKeys: ['L-1', 'L-1-again'] },
    });
  });

  test('duplicate in the ledger: two payouts claim one provider reference', () => {
    const thief = item('2', { attempts: [{ attemptId: 'attempt-2', providerRef: 'po_1' }] });
    const result = match({ ledger: [item('1'), thief], provider: [line('1', { ourRefs: [] })] });
    expect(only(result)).toMatchObject({
      type: 'duplicate_in_ledger',
      detail: 'one_reference_two_payouts',
      oursMinor: -20_000n,
      providerMinor: -10_000n,
      subjects: { payoutIds: ['payout-1', 'payout-2'], providerKeys: ['P-1'] },
    });
    // Our own reference says whose it is; that the ledger claims it twice is still a break.
    const named = match({ ledger: [item('1'), thief], provider: [line('1')] });
    expect(kinds(named)).toEqual(['duplicate_in_ledger/one_reference_two_payouts']);
    expect(named.matches.map((one) => one.ledgerKeys)).toEqual([['L-1']]);
  });

  test('unmatched bank line', () => {
    expect(only(match({ provider: [], bank: [bankLine('9')] }))).toMatchObject({
      type: 'unmatched_bank_line',
      detail: 'bank_line_unknown',
      anchor: ['B-9'],
      bankMinor: -10_000n,
      differenceMinor: -10_000n,
    });
  });

  test('the bank shows another amount, or another currency', () => {
    const sides = { ledger: [item('1')], provider: [line('1')] };
    expect(only(match({ ...sides, bank: [bankLine('1', { amountMinor: -9_990n })] }))).toMatchObject({
      type: 'amount_mismatch',
      detail: 'bank_amount_differs',
      side: 'provider_bank',
      differenceMinor: 10n,
    });
    expect(kinds(match({ ...sides, bank: [bankLine('1', { currency: 'USD' })] }))).toEqual([
      'currency_mismatch/currency_differs',
    ]);
  });

  test('the bank sent it back', () => {
    const bank = [bankLine('1'), bankLine('1-back', { amountMinor: 10_000n, ourRefs: ['attempt-1'] })];
    expect(match({ ledger: [item('1')], provider: [line('1')], bank }).findings.map((one) => one.detail)).toEqual([
      'bank_returned',
    ]);
  });

  test('the report’s third column: what the bank shows of a payout that the provider disagrees about', () => {
    const result = match({
      ledger: [item('1', { grossMinor: -418_000n })],
      provider: [line('1', { grossMinor: -410_800n })],
      bank: [bankLine('1', { amountMinor: -410_800n })],
    });
    expect(only(result)).toMatchObject({ oursMinor: -418_000n, providerMinor: -410_800n, bankMinor: -410_800n });
  });
});

describe('status: ours against what the provider shows', () => {
  const debit = [line('1')];
  const back = line('1-back', { grossMinor: 10_000n, providerRef: 'po_1', ourRefs: [] });
  const returned = [line('1'), back];
  const refused = [line('1', { status: 'failed' as const })];
  const moving = [line('1', { status: 'in_transit' as const })];
  const moved = [line('1', { status: 'moved' as const })];

  test.each<[PayoutStatus, string, ReturnType<typeof line>[], string | null]>([
    ['paid', 'a debit', debit, null],
    ['paid', 'still in transit', moving, 'status_mismatch/provider_in_transit'],
    ['paid', 'taken back', returned, 'status_mismatch/provider_returned'],
    ['paid', 'refused', refused, 'status_mismatch/provider_failed'],
    ['in_transit', 'a debit', debit, 'status_mismatch/provider_paid'],
    ['in_transit', 'still in transit', moving, null],
    ['in_transit', 'taken back', returned, 'status_mismatch/provider_returned'],
    ['paid', 'moved', moved, null],
    ['in_transit', 'moved', moved, null],
    ['unconfirmed', 'moved', moved, 'status_mismatch/provider_in_transit'],
    ['failed', 'moved', moved, 'status_mismatch/debit_after_end'],
    ['sending', 'a debit', debit, 'status_mismatch/provider_paid'],
    ['unconfirmed', 'a debit', debit, 'status_mismatch/provider_paid'],
    ['unconfirmed', 'in transit', moving, 'status_mismatch/provider_in_transit'],
    ['queued', 'a debit', debit, 'status_mismatch/debit_after_end'],
    ['held', 'a debit', debit, 'status_mismatch/debit_after_end'],
    ['failed', 'a debit', debit, 'status_mismatch/debit_after_end'],
    ['failed', 'refused', refused, null],
    ['failed', 'taken back', returned, null],
    ['canceled', 'a debit', debit, 'status_mismatch/debit_after_end'],
    ['canceled', 'nothing', [], null],
    ['held', 'nothing', [], null],
    ['failed', 'nothing', [], null],
    ['returned', 'taken back', returned, null],
    ['returned', 'a debit alone', debit, 'status_mismatch/provider_return_missing'],
    ['returned', 'nothing', [], 'missing_at_provider/provider_lacks_paid'],
    ['queued', 'nothing', [], 'missing_at_provider/provider_lacks_unsent'],
    ['sending', 'nothing', [], 'missing_at_provider/provider_lacks_unsent'],
    ['unconfirmed', 'nothing', [], 'missing_at_provider/provider_lacks_unsent'],
    ['in_transit', 'nothing', [], 'late_settlement/accepted_not_settled'],
    ['paid', 'nothing', [], 'missing_at_provider/provider_lacks_paid'],
  ])('%s here, %s there', (status, _, provider, expected) => {
    const result = match({ ledger: [item('1', { status })], provider });
    expect(kinds(result)).toEqual(expected === null ? [] : [expected]);
  });

  test('money that left after we had ended it is a debit unknown to us', () => {
    for (const status of ['failed', 'canceled', 'queued', 'held'] as const) {
      expect(only(match({ ledger: [item('1', { status })], provider: debit })).unknownDebit, status).toBe(true);
    }
    expect(only(match({ ledger: [item('1', { status: 'in_transit' })], provider: debit })).unknownDebit).toBe(false);
  });

  test('an earlier attempt that was taken back says nothing about the current one', () => {
    const retried = item('1', {
      status: 'in_transit',
      attempts: [
        { attemptId: 'attempt-1', providerRef: 'po_1' },
        { attemptId: 'attempt-1b', providerRef: 'po_1b' },
      ],
    });
    expect(match({ ledger: [retried], provider: returned, asOf: LAST_DAY }).findings).toEqual([]);
    expect(kinds(match({ ledger: [retried], provider: returned }))).toEqual(['late_settlement/accepted_not_settled']);
    const paid = { ...retried, status: 'paid' as const };
    expect(match({ ledger: [paid], provider: [...returned, line('1b')] }).findings).toEqual([]);
  });

  test('a payout that was paid in two parts is whole', () => {
    const parts = [line('1', { grossMinor: -6_000n }), line('1b', { grossMinor: -4_000n, ourRefs: ['payout-1'] })];
    const whole = match({ ledger: [item('1')], provider: parts });
    expect(whole.findings).toEqual([]);
    expect(whole.matches[0]?.agreed).toContain('sum');
    const short = [parts[0] ?? line('1'), line('1b', { grossMinor: -3_999n, ourRefs: ['payout-1'] })];
    expect(kinds(match({ ledger: [item('1')], provider: short }))).toEqual(['amount_mismatch/gross_differs']);
    const long = [parts[0] ?? line('1'), line('1b', { grossMinor: -4_001n, ourRefs: ['payout-1'] })];
    expect(kinds(match({ ledger: [item('1')], provider: long }))).toEqual([
      'duplicate_at_provider/two_debits_at_provider',
    ]);
  });
});

describe('windows and sources', () => {
  test('bug class: "expected" counted as a break: an unsettled payout inside its window is expected; the day after it is not', () => {
    const inside = match({ ledger: [item('1')], provider: [], asOf: LAST_DAY });
    expect(inside.findings).toEqual([]);
    expect(inside.expected.ledgerKeys).toEqual(['L-1']);
    expect(kinds(match({ ledger: [item('1')], provider: [], asOf: LATE_DAY }))).toHaveLength(1);
  });

  test('a return that is still to come is expected inside the window', () => {
    const returned = [item('1', { status: 'returned' })];
    expect(match({ ledger: returned, provider: [line('1')], asOf: LAST_DAY }).findings).toEqual([]);
  });

  test('the bank has until its own day', () => {
    const sides = { ledger: [item('1')], provider: [line('1')], bank: [] };
    const inside = match({ ...sides, asOf: LAST_DAY });
    expect(inside.findings).toEqual([]);
    expect(inside.expected.providerKeys).toEqual(['P-1']);
    expect(only(match({ ...sides, asOf: LATE_DAY }))).toMatchObject({
      type: 'late_settlement',
      detail: 'bank_late',
      side: 'provider_bank',
      oursMinor: -10_000n,
      providerMinor: -10_000n,
      bankMinor: null,
    });
  });

  test('what the bank never shows by itself is never late', () => {
    const result = match({ ledger: [item('1')], provider: [line('1', { bankBy: null })], bank: [] });
    expect(result.findings).toEqual([]);
    expect(result.expected.providerKeys).toEqual(['P-1']);
  });

  test('bug class: "missing" not counted: a missing provider file is missing, never zero', () => {
    const result = match({
      ledger: [item('1'), item('2', { status: 'failed' })],
      provider: null,
      bank: [bankLine('1')],
    });
    expect(result.sources).toEqual({ provider: 'missing', bank: 'present' });
    expect(result.findings).toEqual([]);
    expect(result.unexamined).toEqual({ ledgerKeys: ['L-1'], providerKeys: [], bankKeys: ['B-1'] });
    expect(result.expected.ledgerKeys).toEqual(['L-2']);
  });

  test('without the provider’s file the ledger still shows its own faults', () => {
    const result = match({ ledger: [item('1'), item('1', { key: 'L-1b' })], provider: null });
    expect(kinds(result)).toEqual(['duplicate_in_ledger/two_entries_one_payout']);
  });

  test('a missing bank statement leaves late lines unexamined', () => {
    const result = match({ ledger: [item('1')], provider: [line('1')], bank: null });
    expect(result.sources.bank).toBe('missing');
    expect(result.findings).toEqual([]);
    expect(result.unexamined.providerKeys).toEqual(['P-1']);
  });

  test('a file that does not reach the window’s end, or is of another currency, is as good as missing', () => {
    const short = match({ ledger: [item('1')], provider: [], providerCovers: coverage('2026-11-17', 'EUR') });
    expect(short.findings).toEqual([]);
    expect(short.unexamined.ledgerKeys).toEqual(['L-1']);
    const other = match({ ledger: [item('1')], provider: [], providerCovers: coverage('2026-11-30', 'USD') });
    expect(other.unexamined.ledgerKeys).toEqual(['L-1']);
    const reaches = match({ ledger: [item('1')], provider: [], providerCovers: coverage('2026-11-18', 'EUR') });
    expect(kinds(reaches)).toEqual(['missing_at_provider/provider_lacks_paid']);
    const bank = match({
      ledger: [item('1')],
      provider: [line('1')],
      bank: [],
      bankCovers: coverage('2026-11-17', 'EUR'),
    });
    expect(bank.unexamined.providerKeys).toEqual(['P-1']);
  });

  test('a bank line of a day that the provider’s file has not reached is not alarming yet', () => {
    const early = { provider: [], bank: [bankLine('1')], providerCovers: coverage('2026-11-15', 'EUR') };
    expect(match(early).unexamined.bankKeys).toEqual(['B-1']);
  });

  test('kinds that the ledger does not hold are outside it, and still part of a deposit', () => {
    const sale = (id: string, net: bigint) =>
      line(id, {
        kind: 'payment',
        grossMinor: net + 30n,
        feeMinor: 30n,
        batchRef: 'batch-7',
        bankBy: null,
        ourRefs: [],
      });
    const result = match({
      provider: [sale('a', 5_000n), sale('b', 7_000n)],
      bank: [bankLine('d', { ...BARE, providerRef: 'batch-7', amountMinor: 12_000n })],
    });
    expect(result.outsideLedger).toEqual(['P-a', 'P-b']);
    expect(result.findings).toEqual([]);
    expect(result.matches).toMatchObject([
      {
        rule: 'provider_reference',
        providerKeys: ['P-a', 'P-b'],
        bankKeys: ['B-d'],
        agreed: ['provider_reference', 'currency', 'sum'],
      },
    ]);
    const short = match({
      provider: [sale('a', 5_000n), sale('b', 7_000n)],
      bank: [bankLine('d', { ...BARE, providerRef: 'batch-7', amountMinor: 11_999n })],
    });
    expect(only(short)).toMatchObject({ type: 'amount_mismatch', anchor: ['batch', 'batch-7'], differenceMinor: -1n });
  });
});

describe('tolerance', () => {
  const tolerance = { gross: { ...NO_TOLERANCE, absoluteMinor: { EUR: 5n } }, fee: NO_TOLERANCE };

  test.each([
    [-10_005n, 0],
    [-10_006n, 1],
    [-9_995n, 0],
    [-9_994n, 1],
  ])('5 cents: a debit of %s gives %s breaks', (grossMinor, count) => {
    const result = match({ ledger: [item('1')], provider: [line('1', { grossMinor })], options: { tolerance } });
    expect(result.findings).toHaveLength(count);
  });

  test('applies at the bank and among unreferenced lines as well', () => {
    const bank = [bankLine('1', { amountMinor: -10_005n })];
    expect(match({ ledger: [item('1')], provider: [line('1')], bank, options: { tolerance } }).findings).toEqual([]);
    const bare = line('1', { ...BARE, grossMinor: -10_005n, counterparty: 'Ege Lojistik A.Ş.' });
    const result = match({ ledger: [item('1')], provider: [bare], options: { tolerance } });
    expect(result.matches[0]?.rule).toBe('amount_date_counterparty');
  });
});
