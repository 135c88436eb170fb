import {
  type BankDesk,
  freeBankLines,
  freeProviderLines,
  groupIdentity,
  lineAmount,
  matchAtBank,
  reportAmbiguousAtBank,
  reportCluster,
  showAtBank,
} from './bank-desk.ts';
import { type FactLine, pairByFacts } from './fact-pairing.ts';
import { agreedFacts, ruleOf, VIA_SUM } from './match-rule.ts';
import { claimSums } from './sum-search.ts';

const bySum = { rule: ruleOf(VIA_SUM), agreed: agreedFacts(VIA_SUM, []), differs: [] };

/** Pass 4: whole batches and whole days first, then a bounded search in both directions. */
export function bySums(desk: BankDesk, budget: { steps: number }): void {
  const { options, index } = desk;
  const { beforeDays, afterDays } = options.window;
  wholeGroups(desk, (at) => desk.provider[at]?.batchRef ?? null);
  wholeGroups(desk, (at) => {
    const line = desk.provider[at];
    return line ? `${line.bookedOn} ${line.kind === 'payout'}` : null;
  });
  const rule = { tolerance: options.tolerance.gross, maxCandidates: options.sumSearch.maxCandidates, budget };
  const deposits = claimSums(freeBankLines(desk, true), freeProviderLines(desk, false), {
    ...rule,
    single: 'theirs',
    slack: { beforeDays: afterDays, afterDays: beforeDays },
    // A deposit takes in payments and refunds, fees and adjustments: either sign.
    compatible: () => true,
  });
  for (const { single, members } of deposits.claims) matchAtBank(desk, bySum, members, [single]);
  for (const { single, members, why } of deposits.doubtful) reportCluster(desk, why, 'sum', members, [single]);

  const parts = claimSums(freeProviderLines(desk, true), freeBankLines(desk, true), {
    ...rule,
    single: 'ours',
    slack: { beforeDays, afterDays },
    compatible: (line, part) => lineAmount(desk, line) < 0n === (desk.bank[part]?.amountMinor ?? 0n) < 0n,
  });
  for (const { single, members } of parts.claims) {
    matchAtBank(desk, bySum, [single], members);
    showAtBank(desk, [single], members);
  }
  for (const { single, members, why } of parts.doubtful) {
    const identity = groupIdentity(desk, index.groupOf[single] ?? -1);
    const anchor = ['parts', ...identity.anchor, desk.provider[single]?.key ?? ''];
    reportAmbiguousAtBank(desk, why, { anchor, period: identity.period }, [single], members);
  }
  desk.out.sumSearchExhausted = deposits.exhausted || parts.exhausted;
}

/** A bank line that is all that is left of a batch, or of a day. No search, so hardly by chance. */
function wholeGroups(desk: BankDesk, keyOf: (at: number) => string | null): void {
  const members = Map.groupBy(freeProviderLines(desk, false), ({ id, currency }) => `${currency} ${keyOf(id) ?? ''}`);
  const groups: { line: FactLine; members: readonly number[] }[] = [];
  for (const lines of members.values()) {
    const [first] = lines;
    if (!first || lines.length < 2 || keyOf(first.id) === null) continue;
    const fromDay = lines.reduce((latest, line) => Math.max(latest, line.fromDay), first.fromDay);
    const toDay = lines.reduce((earliest, line) => Math.min(earliest, line.toDay), first.toDay);
    groups.push({
      line: {
        ...first,
        id: groups.length,
        amountMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n),
        counterparty: '',
        fromDay,
        toDay: Math.max(fromDay, toDay),
      },
      members: lines.map((line) => line.id),
    });
  }
  const pairing = pairByFacts(
    groups.map(({ line }) => line),
    freeBankLines(desk, true).map((line) => ({ ...line, counterparty: '' })),
    { tolerance: desk.options.tolerance.gross, window: desk.options.window, compatible: () => true },
  );
  for (const { holder, other } of pairing.pairs) matchAtBank(desk, bySum, groups[holder]?.members ?? [], [other]);
  for (const { holders, others } of pairing.clusters) {
    const lines = holders.flatMap((group) => groups[group]?.members ?? []);
    reportCluster(desk, 'several_sums', 'sums', lines, others);
  }
}
