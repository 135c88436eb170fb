import { describe, expect, test } from 'vitest';
import type { LocalDate } from '../core/time.ts';
import { BARE, bankLine, item, kinds, line, match, only } from '../testing/settlement-cases.ts';
import { foldCounterparty } from './fact-pairing.ts';

const day = (text: string) => text as LocalDate;
const NAME = 'Ege Lojistik A.Ş.';
const bare = (id: string, over = {}) => line(id, { ...BARE, counterparty: NAME, ...over });
const unknownBank = (id: string, over = {}) => bankLine(id, { ...BARE, ...over });

describe('pass 3: amount, currency, date and counterparty', () => {
  test('one to one and unique on both sides is a match', () => {
    const result = match({
      ledger: [item('1'), item('2', { grossMinor: -20_000n })],
      provider: [bare('x')],
      asOf: day('2026-11-18'),
    });
    expect(result.findings).toEqual([]);
    expect(result.matches).toMatchObject([
      {
        rule: 'amount_date_counterparty',
        ledgerKeys: ['L-1'],
        providerKeys: ['P-x'],
        agreed: ['currency', 'date', 'counterparty', 'amount', 'status', 'fee', 'net'],
      },
    ]);
  });

  test.each<[string, Parameters<typeof line>[1]]>([
    ['another amount', { grossMinor: -10_001n }],
    ['another currency', { currency: 'USD' }],
    ['another counterparty', { counterparty: 'Başka A.Ş.' }],
    ['before the window', { bookedOn: day('2026-11-14') }],
    ['after the window', { bookedOn: day('2026-11-24') }],
    ['a reference of ours that we never gave', { ourRefs: ['attempt-of-nobody'] }],
    ['a provider reference, while the item’s own is known', { providerRef: 'po_stranger' }],
    ['money that comes in', { grossMinor: 10_000n }],
    ['another kind of line', { kind: 'adjustment' }],
  ])('%s is no match', (_, over) => {
    const result = match({ ledger: [item('1')], provider: [bare('x', over)] });
    expect(result.matches).toEqual([]);
    expect(result.findings.map((found) => found.type).sort()).toEqual(['missing_at_provider', 'missing_in_ledger']);
  });

  test.each(['2026-11-15', '2026-11-23'])('the window’s edge %s still matches', (on) => {
    expect(match({ ledger: [item('1')], provider: [bare('x', { bookedOn: day(on) })] }).findings).toEqual([]);
  });

  test('a provider reference that we never learned may be of an attempt whose answer was lost', () => {
    const lost = item('1', { status: 'unconfirmed', attempts: [{ attemptId: 'attempt-1', providerRef: null }] });
    const result = match({ ledger: [lost], provider: [bare('x', { providerRef: 'po_never_learned' })] });
    expect(result.matches[0]?.rule).toBe('amount_date_counterparty');
    expect(kinds(result)).toEqual(['status_mismatch/provider_paid']);
  });

  test('a payout that has ended is never found by facts: an unexplained debit stays unexplained', () => {
    const result = match({ ledger: [item('1', { status: 'failed' })], provider: [bare('x')] });
    expect(kinds(result)).toEqual(['missing_in_ledger/debit_unknown']);
  });

  test('three equal payments for one payout are never guessed', () => {
    const result = match({ ledger: [item('1')], provider: [bare('x'), bare('y'), bare('z')] });
    expect(result.matches).toEqual([]);
    expect(only(result)).toMatchObject({
      type: 'ambiguous',
      detail: 'same_facts',
      oursMinor: -10_000n,
      providerMinor: -30_000n,
      candidateCount: 4,
      subjects: { payoutIds: ['payout-1'], providerKeys: ['P-x', 'P-y', 'P-z'] },
    });
    expect(only(result).candidates.map((one) => one.key)).toEqual(['L-1', 'P-x', 'P-y', 'P-z']);
  });

  test('one payment and two equal payouts are never guessed either', () => {
    const result = match({ ledger: [item('1'), item('2')], provider: [bare('x')] });
    expect(kinds(result)).toEqual(['ambiguous/same_facts']);
    expect(only(result).anchor).toEqual(['facts', 'payout-1']);
  });

  test('unique here and not there is not unique', () => {
    // P-x could only be payout 1, but payout 1 could also be P-y.
    const ledger = [item('1'), item('2', { occurredOn: day('2026-11-20'), settleBy: day('2026-11-22') })];
    const provider = [bare('x', { bookedOn: day('2026-11-16') }), bare('y', { bookedOn: day('2026-11-20') })];
    const result = match({ ledger, provider });
    expect(result.matches).toEqual([]);
    expect(kinds(result)).toEqual(['ambiguous/same_facts']);
  });

  test('a counterparty that one side does not know is a candidate, not a match', () => {
    const result = match({ ledger: [item('1')], provider: [bare('x', { counterparty: null })] });
    expect(result.matches).toEqual([]);
    expect(kinds(result)).toEqual(['ambiguous/counterparty_unknown']);
    expect(kinds(match({ ledger: [item('1', { counterparty: null })], provider: [bare('x')] }))).toEqual([
      'ambiguous/counterparty_unknown',
    ]);
  });

  test('a great many equal lines are one ambiguity with a short list', () => {
    const ledger = Array.from({ length: 60 }, (_, i) => item(`${i}`));
    const provider = Array.from({ length: 60 }, (_, i) => bare(`${i}`));
    const found = only(match({ ledger, provider }));
    expect(found.candidateCount).toBe(120);
    expect(found.candidates).toHaveLength(20);
    expect(found.subjects.providerKeys).toHaveLength(60);
  });

  test('names are compared without accents, punctuation and case of any locale', () => {
    expect(foldCounterparty('Ege Lojistik A.Ş.')).toBe('EGE LOJISTIK AS');
    expect(foldCounterparty('EGE LOJİSTİK A.S')).toBe('EGE LOJISTIK AS');
    expect(foldCounterparty('ığdır  kayısı')).toBe('IGDIR KAYISI');
    expect(foldCounterparty(' .-')).toBeNull();
    expect(foldCounterparty(null)).toBeNull();
  });
});

describe('references that do not decide', () => {
  test('two references that contradict each other', () => {
    const crossed = line('1', { ourRefs: ['attempt-2'] });
    const result = match({ ledger: [item('1'), item('2')], provider: [crossed] });
    expect(only(result)).toMatchObject({
      type: 'ambiguous',
      detail: 'references_disagree',
      anchor: ['P-1'],
      subjects: { payoutIds: ['payout-1', 'payout-2'] },
    });
    expect(result.matches).toEqual([]);
  });

  test('two references of ours that contradict each other', () => {
    const crossed = line('x', { providerRef: null, ourRefs: ['attempt-1', 'attempt-2'] });
    expect(kinds(match({ ledger: [item('1'), item('2')], provider: [crossed] }))).toEqual([
      'ambiguous/references_disagree',
    ]);
  });

  test('a merchant’s reference on two payouts is settled by facts, or not at all', () => {
    const ledger = [item('1', { ourRefs: ['inv-7'] }), item('2', { ourRefs: ['inv-7'], grossMinor: -20_000n })];
    const named = bare('x', { ourRefs: ['inv-7'] });
    const settled = match({ ledger, provider: [named], asOf: day('2026-11-18') });
    expect(settled.findings).toEqual([]);
    expect(settled.matches[0]?.ledgerKeys).toEqual(['L-1']);
    const undecided = match({ ledger, provider: [{ ...named, counterparty: 'Başka' }] });
    expect(kinds(undecided)).toEqual(['ambiguous/shared_reference']);
  });

  test('at the bank as well', () => {
    const sides = { ledger: [item('1'), item('2')], provider: [line('1'), line('2')] };
    const crossed = bankLine('x', { providerRef: 'po_1', ourRefs: ['attempt-2'] });
    expect(only(match({ ...sides, bank: [crossed] }))).toMatchObject({
      type: 'ambiguous',
      detail: 'references_disagree',
      side: 'provider_bank',
      subjects: { bankKeys: ['B-x'], payoutIds: ['payout-1', 'payout-2'] },
    });
  });
});

describe('pass 4: sums', () => {
  const three = [
    item('1', { grossMinor: -123_457n }),
    item('2', { grossMinor: -678_911n }),
    item('3', { grossMinor: -45_023n }),
  ];

  test('one debit that pays three payouts', () => {
    const result = match({ ledger: three, provider: [bare('batch', { grossMinor: -847_391n, counterparty: null })] });
    expect(result.findings).toEqual([]);
    expect(result.matches).toMatchObject([
      {
        rule: 'sum',
        ledgerKeys: ['L-1', 'L-2', 'L-3'],
        providerKeys: ['P-batch'],
        agreed: ['currency', 'date', 'sum', 'status'],
      },
    ]);
  });

  test('each of them still has to be paid, and the fees have to agree', () => {
    const ledger = [...three.slice(0, 2), item('3', { grossMinor: -45_023n, status: 'in_transit', feeMinor: 10n })];
    const batch = bare('batch', { grossMinor: -847_391n, counterparty: null, feeMinor: 12n });
    expect(kinds(match({ ledger, provider: [batch] }))).toEqual([
      'fee_mismatch/fee_differs',
      'status_mismatch/provider_paid',
    ]);
  });

  test('one payout that was paid in two unreferenced lines', () => {
    const parts = [bare('a', { grossMinor: -123_457n }), bare('b', { grossMinor: -678_911n })];
    const result = match({ ledger: [item('1', { grossMinor: -802_368n })], provider: parts });
    expect(result.findings).toEqual([]);
    expect(result.matches[0]).toMatchObject({ rule: 'sum', providerKeys: ['P-a', 'P-b'] });
  });

  test('a sum that chance could have made is a candidate, not a match', () => {
    const round = [
      item('1', { grossMinor: -10_000n }),
      item('2', { grossMinor: -20_000n }),
      item('3', { grossMinor: -50_000n }),
    ];
    const result = match({ ledger: round, provider: [bare('x', { grossMinor: -30_000n, counterparty: null })] });
    expect(kinds(result)).toEqual(['ambiguous/sum_not_proof', 'missing_at_provider/provider_lacks_paid']);
  });

  test('two sets that explain a line explain nothing', () => {
    const ledger = [...three, item('4', { grossMinor: -168_480n })];
    // 123 457 + 45 023 = 168 480: the batch of 1, 2, 3 could also be 2 and 4.
    const result = match({ ledger, provider: [bare('x', { grossMinor: -847_391n, counterparty: null })] });
    expect(kinds(result)).toEqual(['ambiguous/several_sums']);
    expect(only(result).subjects.payoutIds).toEqual(['payout-1', 'payout-2', 'payout-3', 'payout-4']);
  });

  test('a member that two sums want is given to neither', () => {
    const lines = [
      bare('x', { grossMinor: -802_368n, counterparty: null }),
      bare('y', { grossMinor: -723_934n, counterparty: null }),
    ];
    const result = match({ ledger: three, provider: lines });
    expect(result.matches).toEqual([]);
    expect(kinds(result)).toEqual(['ambiguous/several_sums', 'ambiguous/several_sums']);
  });

  test('more candidates than allowed are not searched, and it says so', () => {
    const ledger = Array.from({ length: 17 }, (_, i) => item(`${i}`, { grossMinor: -100_003n - BigInt(i * i * 977) }));
    const sum = ledger.slice(0, 3).reduce((total, one) => total + one.grossMinor, 0n);
    const result = match({ ledger, provider: [bare('x', { grossMinor: sum, counterparty: null })] });
    expect(result.matches).toEqual([]);
    expect(result.sumSearchExhausted).toBe(true);
    expect(kinds(result)).toContain('missing_in_ledger/debit_unknown');
  });

  test('a search that costs too much stops, and it says so', () => {
    const options = { sumSearch: { maxCandidates: 16, maxStepsPerRun: 3 } };
    const result = match({
      ledger: three,
      provider: [bare('x', { grossMinor: -847_391n, counterparty: null })],
      options,
    });
    expect(result.sumSearchExhausted).toBe(true);
    expect(result.matches).toEqual([]);
  });
});

describe('provider and bank without references', () => {
  const sides = (id: string, minor: bigint) => ({
    item: item(id, { grossMinor: minor }),
    line: line(id, { grossMinor: minor }),
  });

  test('the payout’s counterparty helps to find its line at the bank', () => {
    const { item: ours, line: theirs } = sides('1', -10_000n);
    const result = match({ ledger: [ours], provider: [theirs], bank: [unknownBank('x')] });
    expect(result.findings).toEqual([]);
    expect(result.matches[1]).toMatchObject({ rule: 'amount_date_counterparty', bankKeys: ['B-x'] });
  });

  test('a deposit is the sum of its batch, net of fees', () => {
    const sale = (id: string, gross: bigint) =>
      line(id, { kind: 'payment', grossMinor: gross, feeMinor: 30n, batchRef: 'batch-7', bankBy: null, ourRefs: [] });
    const deposit = unknownBank('d', { amountMinor: 11_940n, counterparty: 'STRIPE' });
    const result = match({ provider: [sale('a', 5_000n), sale('b', 7_000n)], bank: [deposit] });
    expect(result.findings).toEqual([]);
    expect(result.matches).toMatchObject([{ rule: 'sum', providerKeys: ['P-a', 'P-b'], bankKeys: ['B-d'] }]);
  });

  test('a debit of the bank is the sum of the day’s payouts', () => {
    const days = [sides('1', -10_000n), sides('2', -20_000n), sides('3', -50_000n)];
    const result = match({
      ledger: days.map((one) => one.item),
      provider: days.map((one) => one.line),
      bank: [unknownBank('d', { amountMinor: -80_000n, counterparty: null })],
    });
    expect(result.findings).toEqual([]);
    expect(result.matches.at(-1)).toMatchObject({ rule: 'sum', providerKeys: ['P-1', 'P-2', 'P-3'] });
  });

  test('a payout that the bank shows in two parts', () => {
    const { item: ours, line: theirs } = sides('1', -802_368n);
    const bank = [unknownBank('a', { amountMinor: -123_457n }), unknownBank('b', { amountMinor: -678_911n })];
    const result = match({ ledger: [ours], provider: [theirs], bank });
    expect(result.findings).toEqual([]);
    expect(result.matches.at(-1)).toMatchObject({ rule: 'sum', bankKeys: ['B-a', 'B-b'] });
  });

  test('two equal bank lines for one payout are not guessed', () => {
    const { item: ours, line: theirs } = sides('1', -10_000n);
    const result = match({ ledger: [ours], provider: [theirs], bank: [unknownBank('x'), unknownBank('y')] });
    expect(only(result)).toMatchObject({ type: 'ambiguous', detail: 'same_facts', side: 'provider_bank' });
  });

  test('a bank line with somebody else’s reference is nobody’s', () => {
    const { item: ours, line: theirs } = sides('1', -10_000n);
    const strange = bankLine('x', { ourRefs: ['attempt-of-nobody'] });
    expect(kinds(match({ ledger: [ours], provider: [theirs], bank: [strange] }))).toEqual([
      'late_settlement/bank_late',
      'unmatched_bank_line/bank_line_unknown',
    ]);
  });
});

test('two lines of one key are a bug of the caller and said so', () => {
  expect(() => match({ provider: [line('1'), line('1')] })).toThrow(RangeError);
});
