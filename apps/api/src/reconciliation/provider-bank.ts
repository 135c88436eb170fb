import {
  type BankDesk,
  bankFinding,
  freeBankLines,
  freeProviderLines,
  groupIdentity,
  lineAmount,
  matchAtBank,
  type ProviderBankOutcome,
  reportAmbiguousAtBank,
  reportCluster,
  showAtBank,
} from './bank-desk.ts';
import { indexForBank, resolveBankLine } from './bank-index.ts';
import { bySums } from './bank-sums.ts';
import { judgeBankGroup } from './bank-verdict.ts';
import { pairByFacts } from './fact-pairing.ts';
import { agreedFacts, ruleOf, VIA_FACTS, VIA_OURS, VIA_PROVIDER } from './match-rule.ts';
import { judgeAbsence } from './payout-verdict.ts';
import type { BankLine, LedgerItem, ProviderLine, SettlementOptions } from './settlement-input.ts';
import { covers } from './settlement-window.ts';
import { agrees } from './tolerance.ts';

/**
 * Provider ↔ bank: passes 1 and 2 by reference, 3 by facts, 4 by sums (a deposit is the sum of its lines net of fees),
 * then a verdict on what is left. Lines come in the order of their keys; `itemOf` is what the first pair of sources
 * found; `budget` is counted down.
 */
export function matchProviderToBank(
  provider: readonly ProviderLine[],
  bank: readonly BankLine[],
  items: readonly LedgerItem[],
  itemOf: Int32Array,
  coverage: BankDesk['coverage'],
  options: SettlementOptions,
  budget: { steps: number },
): ProviderBankOutcome {
  const index = indexForBank(provider, items, itemOf);
  const resolutions = bank.map((line) => resolveBankLine(index, line));
  const desk: BankDesk = {
    provider,
    bank,
    items,
    itemOf,
    index,
    options,
    coverage,
    out: {
      matches: [],
      findings: [],
      expected: [],
      unexaminedProvider: [],
      unexaminedBank: [],
      shownAtBank: new Map(),
      sumSearchExhausted: false,
    },
    resolved: resolutions.map(({ found }) => found),
    doneProvider: new Uint8Array(provider.length),
    doneBank: new Uint8Array(bank.length),
  };
  const named = { group: new Map<number, number[]>(), batch: new Map<number, number[]>() };
  resolutions.forEach(({ of, found }, at) => {
    if (found.kind === 'one' && !named[of].get(found.target)?.push(at)) named[of].set(found.target, [at]);
  });
  for (const [group, lines] of named.group) judgeGroup(desk, group, lines);
  for (const [batch, lines] of named.batch) judgeBatch(desk, batch, lines);
  resolutions.forEach(({ of, found }, at) => {
    if (found.kind === 'several') reportSeveral(desk, at, of, found.targets, found.why);
  });
  byFacts(desk);
  bySums(desk, budget);
  leftOver(desk);
  return desk.out;
}

/** Lines that share a payout or a provider reference, against the bank lines that name it, currency by currency. */
function judgeGroup(desk: BankDesk, group: number, bankAt: readonly number[]): void {
  const providerAt = desk.index.groups[group] ?? [];
  const identity = groupIdentity(desk, group);
  const via = bankAt.reduce((bits, at) => bits | viaOf(desk, at), 0);
  const ours = Map.groupBy(providerAt, (at) => desk.provider[at]?.currency);
  const theirs = Map.groupBy(bankAt, (at) => desk.bank[at]?.currency);
  const strange = [...theirs].flatMap(([currency, lines]) => (ours.has(currency) ? [] : lines));
  if (strange.length > 0) {
    const unanswered = [...ours].flatMap(([currency, lines]) => (theirs.has(currency) ? [] : lines));
    const facts = { type: 'currency_mismatch', detail: 'currency_differs', ...identity } as const;
    desk.out.findings.push(bankFinding(desk, facts, unanswered, strange));
    const match = { rule: ruleOf(via), agreed: agreedFacts(via, []), differs: ['currency'] as const };
    matchAtBank(desk, match, unanswered, strange);
  }
  for (const [currency, lines] of theirs) {
    const own = ours.get(currency);
    if (!currency || !own) continue;
    const verdict = judgeBankGroup(
      own.map((at) => ({ at, amountMinor: lineAmount(desk, at) })),
      lines.map((at) => ({ at, amountMinor: desk.bank[at]?.amountMinor ?? 0n })),
      currency,
      desk.options.tolerance.gross,
    );
    const settled = own.filter((at) => !verdict.awaiting.includes(at));
    if (verdict.disagreement) {
      const anchor = [...identity.anchor, currency];
      desk.out.findings.push(bankFinding(desk, { ...verdict.disagreement, ...identity, anchor }, settled, lines));
    }
    const match = {
      rule: ruleOf(via),
      agreed: agreedFacts(via, ['currency', ...verdict.agreed]),
      differs: verdict.differs,
    };
    matchAtBank(desk, match, settled, lines);
    showAtBank(desk, settled, lines);
  }
}

/** A deposit or debit that names a batch: the sum of the batch's lines, as far as the bank did not show them singly. */
function judgeBatch(desk: BankDesk, batch: number, bankAt: readonly number[]): void {
  const { ref, lines } = desk.index.batches[batch] ?? { ref: '', lines: [] };
  const own = lines.filter((at) => !desk.doneProvider[at]);
  const [first = -1] = lines;
  const currency = desk.provider[first]?.currency;
  const via = bankAt.reduce((bits, at) => bits | viaOf(desk, at), 0);
  const everything = [...own.map((at) => desk.provider[at]), ...bankAt.map((at) => desk.bank[at])];
  const oneCurrency = everything.every((line) => line?.currency === currency);
  const sum = own.reduce((total, at) => total + lineAmount(desk, at), 0n);
  const shown = bankAt.reduce((total, at) => total + (desk.bank[at]?.amountMinor ?? 0n), 0n);
  const same = oneCurrency && currency !== undefined && agrees(sum, shown, currency, desk.options.tolerance.gross);
  if (!same) {
    const period = lines.flatMap((at) => desk.provider[at]?.bookedOn ?? []).sort()[0] ?? '';
    const identity = { anchor: ['batch', ref], period };
    const facts = oneCurrency
      ? ({ type: 'amount_mismatch', detail: 'bank_amount_differs', ...identity } as const)
      : ({ type: 'currency_mismatch', detail: 'currency_differs', ...identity } as const);
    desk.out.findings.push(bankFinding(desk, facts, own, bankAt));
  }
  const agreed = agreedFacts(via, same ? ['currency', 'sum'] : []);
  matchAtBank(
    desk,
    { rule: ruleOf(via), agreed, differs: same ? [] : [oneCurrency ? 'sum' : 'currency'] },
    own,
    bankAt,
  );
}

/** References that name several groups, or contradict each other. What they name and is still free is named by it. */
function reportSeveral(
  desk: BankDesk,
  at: number,
  of: 'group' | 'batch',
  targets: readonly number[],
  why: 'shared' | 'disagree',
): void {
  const line = desk.bank[at];
  if (!line) return;
  const { groups, batches } = desk.index;
  const lines = targets.flatMap((target) => (of === 'group' ? groups[target] : batches[target]?.lines) ?? []);
  const detail = why === 'shared' ? 'shared_reference' : 'references_disagree';
  reportAmbiguousAtBank(desk, detail, { anchor: [line.key], period: line.bookedOn }, lines, [at]);
}

/** Pass 3, among lines that the bank shows by themselves. */
function byFacts(desk: BankDesk): void {
  const { options } = desk;
  const pairing = pairByFacts(freeProviderLines(desk, true), freeBankLines(desk, false), {
    tolerance: options.tolerance.gross,
    window: options.window,
    compatible: () => true,
  });
  for (const { holder, other } of pairing.pairs) {
    const match = { rule: ruleOf(VIA_FACTS), agreed: agreedFacts(VIA_FACTS, ['amount']), differs: [] };
    matchAtBank(desk, match, [holder], [other]);
    showAtBank(desk, [holder], [other]);
  }
  for (const { holders, others, why } of pairing.clusters) reportCluster(desk, why, 'facts', holders, others);
}

function leftOver(desk: BankDesk): void {
  const { options, coverage, out } = desk;
  desk.provider.forEach((line, at) => {
    if (desk.doneProvider[at]) return;
    const judged =
      line.bankBy === null || line.status === 'failed'
        ? 'expected'
        : judgeAbsence({ currency: line.currency, from: line.bookedOn, by: line.bankBy }, coverage.bank, options.asOf);
    if (judged === 'expected') out.expected.push(line.key);
    else if (judged === 'unexamined') out.unexaminedProvider.push(line.key);
    else {
      const facts = {
        type: 'late_settlement',
        detail: 'bank_late',
        anchor: [line.key],
        period: line.bookedOn,
      } as const;
      out.findings.push(bankFinding(desk, facts, [at], []));
    }
  });
  desk.bank.forEach((line, at) => {
    if (desk.doneBank[at]) return;
    if (!covers(coverage.provider, line.currency, line.bookedOn, line.bookedOn)) {
      out.unexaminedBank.push(line.key);
      return;
    }
    const facts = { type: 'unmatched_bank_line', detail: 'bank_line_unknown', anchor: [line.key] } as const;
    out.findings.push(bankFinding(desk, { ...facts, period: line.bookedOn }, [], [at]));
  });
}

function viaOf(desk: BankDesk, at: number): number {
  const found = desk.resolved[at];
  if (found?.kind !== 'one') return 0;
  return (found.byProvider ? VIA_PROVIDER : 0) | (found.byOurs ? VIA_OURS : 0);
}
