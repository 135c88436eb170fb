import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';
import type { BreakDetail, BreakType } from './break.ts';
import type { Fact } from './settlement-input.ts';
import { agrees, type Tolerance } from './tolerance.ts';

/** One amount of a group, by its position on its side. */
export interface GroupAmount {
  at: number;
  amountMinor: bigint;
}

export interface BankVerdict {
  disagreement: { type: BreakType; detail: BreakDetail } | null;
  /** Lines of the provider that the bank has not shown. Their windows decide. */
  awaiting: readonly number[];
  agreed: readonly Fact[];
  differs: readonly Fact[];
}

/**
 * Compares what the provider says with what the bank shows, for lines that belong together by reference. All of one
 * currency; amounts signed from our account's view.
 */
export function judgeBankGroup(
  provider: readonly GroupAmount[],
  bank: readonly GroupAmount[],
  currency: Currency,
  tolerance: Tolerance,
): BankVerdict {
  const { oursLeft, theirsLeft } = pairAmounts(provider, bank, currency, tolerance);
  // What left and came back is settled on its own side; neither side has to show it to the other.
  const ours = withoutOpposites(oursLeft);
  const theirs = withoutOpposites(theirsLeft);
  if (theirs.length === 0) {
    const matched = bank.length > 0;
    return { disagreement: null, awaiting: ours.map((one) => one.at), agreed: matched ? ['amount'] : [], differs: [] };
  }
  const [oursSum, theirsSum] = [sumOf(ours), sumOf(theirs)];
  if (ours.length > 0 && agrees(oursSum, theirsSum, currency, tolerance)) {
    return { disagreement: null, awaiting: [], agreed: ['sum'], differs: [] };
  }
  const debits = theirs.filter((one) => one.amountMinor < 0n).length;
  const moreAway = theirsSum < 0n && absMinor(theirsSum) > absMinor(oursSum);
  if (debits > ours.filter((one) => one.amountMinor < 0n).length && moreAway) {
    return disputed('duplicate_at_provider', 'two_debits_at_bank', 'count');
  }
  if (ours.length === 0 && theirsSum > 0n) return disputed('status_mismatch', 'bank_returned', 'status');
  return disputed('amount_mismatch', 'bank_amount_differs', 'amount');
}

function disputed(type: BreakType, detail: BreakDetail, differs: Fact): BankVerdict {
  return { disagreement: { type, detail }, awaiting: [], agreed: [], differs: [differs] };
}

/** Pairs amounts one to one: exactly first, then within tolerance in ascending order. */
function pairAmounts(
  ours: readonly GroupAmount[],
  theirs: readonly GroupAmount[],
  currency: Currency,
  tolerance: Tolerance,
): { oursLeft: GroupAmount[]; theirsLeft: GroupAmount[] } {
  const exact = Map.groupBy(theirs, (one) => one.amountMinor);
  const taken = new Set<GroupAmount>();
  const oursLeft = ours.filter((one) => {
    const same = exact.get(one.amountMinor)?.shift();
    if (same) taken.add(same);
    return !same;
  });
  const waiting = theirs.filter((one) => !taken.has(one)).sort(byAmount);
  const unpaired = oursLeft.sort(byAmount).filter((one) => {
    const near = waiting.findIndex((other) => agrees(one.amountMinor, other.amountMinor, currency, tolerance));
    if (near >= 0) waiting.splice(near, 1);
    return near < 0;
  });
  return { oursLeft: unpaired, theirsLeft: waiting };
}

/** What is left after each amount took its exact opposite with it. */
function withoutOpposites(amounts: readonly GroupAmount[]): GroupAmount[] {
  const opposites = Map.groupBy(amounts, (one) => -one.amountMinor);
  const gone = new Set<GroupAmount>();
  for (const one of amounts) {
    if (one.amountMinor >= 0n) continue;
    const back = opposites.get(one.amountMinor)?.shift();
    if (back) gone.add(one).add(back);
  }
  return amounts.filter((one) => !gone.has(one));
}

function sumOf(amounts: readonly GroupAmount[]): bigint {
  return amounts.reduce((sum, one) => sum + one.amountMinor, 0n);
}

function byAmount(a: GroupAmount, b: GroupAmount): number {
  return a.amountMinor === b.amountMinor ? a.at - b.at : a.amountMinor < b.amountMinor ? -1 : 1;
}
