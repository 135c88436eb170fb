import type { BankIndex } from './bank-index.ts';
import { type BreakDetail, type Candidate, type Finding, finding, NO_SUBJECTS, type Period } from './break.ts';
import { CANDIDATE_LIMIT, dayNumber, type FactLine, foldCounterparty } from './fact-pairing.ts';
import { idsOf } from './ledger-index.ts';
import type { Resolution } from './reference-index.ts';
import { byKey, keysOf } from './settlement-desk.ts';
import {
  type BankLine,
  type LedgerItem,
  type Match,
  type ProviderLine,
  referenceOf,
  type SettlementOptions,
} from './settlement-input.ts';
import type { Coverage } from './settlement-window.ts';

/** What came of comparing the provider with the bank. */
export interface ProviderBankOutcome {
  matches: Match[];
  findings: Finding[];
  expected: string[];
  unexaminedProvider: string[];
  unexaminedBank: string[];
  /** By provider line, what the bank shows of its group; only where the bank's lines are of that group alone. */
  shownAtBank: Map<string, bigint>;
  sumSearchExhausted: boolean;
}

/** What the passes between provider and bank share. Lines are meant by their positions. */
export interface BankDesk {
  provider: readonly ProviderLine[];
  bank: readonly BankLine[];
  items: readonly LedgerItem[];
  itemOf: Int32Array;
  index: BankIndex;
  options: SettlementOptions;
  coverage: { provider: Coverage; bank: Coverage };
  out: ProviderBankOutcome;
  /** By bank line: what its references said. */
  resolved: Resolution[];
  /** What is matched, or named by a break: free for nothing else. */
  doneProvider: Uint8Array;
  doneBank: Uint8Array;
}

/** The amount that the bank should show for a line: net of the provider's fee, or gross. */
export function bankAmount(line: ProviderLine, options: SettlementOptions): bigint {
  if (options.bankBasis === 'gross') return line.grossMinor;
  return line.netMinor ?? line.grossMinor - (line.feeMinor ?? 0n);
}

/** Provider lines that are free; `shownAlone`: only those that the bank shows by themselves. */
export function freeProviderLines(desk: BankDesk, shownAlone: boolean): FactLine[] {
  const free: FactLine[] = [];
  desk.provider.forEach((line, at) => {
    if (desk.doneProvider[at] || line.status === 'failed' || (shownAlone && line.bankBy === null)) return;
    const fromDay = dayNumber(line.bookedOn);
    const item = desk.items[desk.itemOf[at] ?? -1];
    free.push({
      id: at,
      kind: '',
      currency: line.currency,
      amountMinor: bankAmount(line, desk.options),
      counterparty: foldCounterparty(line.counterparty ?? item?.counterparty ?? null),
      fromDay,
      toDay: line.bankBy === null ? fromDay : Math.max(fromDay, dayNumber(line.bankBy)),
      unlearned: line.providerRef === null && !item?.attempts.some((attempt) => attempt.providerRef !== null),
    });
  });
  return free;
}

/** Bank lines that are free and leave room for a match by facts; `bare`: only those that carry no reference at all. */
export function freeBankLines(desk: BankDesk, bare: boolean): FactLine[] {
  const free: FactLine[] = [];
  desk.bank.forEach((line, at) => {
    const found = desk.resolved[at];
    if (desk.doneBank[at] || found?.kind !== 'none' || found.foreign === 'ours') return;
    if (bare && found.foreign !== 'no') return;
    const day = dayNumber(line.bookedOn);
    free.push({
      id: at,
      kind: '',
      currency: line.currency,
      amountMinor: line.amountMinor,
      counterparty: foldCounterparty(line.counterparty),
      fromDay: day,
      toDay: day,
      unlearned: found.foreign === 'provider',
    });
  });
  return free;
}

/** A break about lines of both, with the payout that they belong to, if they do. */
export function bankFinding(
  desk: BankDesk,
  facts: Pick<Finding, 'type' | 'detail' | 'anchor' | 'period'> & Partial<Finding>,
  providerAt: readonly number[],
  bankAt: readonly number[],
): Finding {
  const provider = providerAt.flatMap((at) => desk.provider[at] ?? []);
  const bank = bankAt.flatMap((at) => desk.bank[at] ?? []);
  const items = itemsOf(desk, providerAt);
  const [first] = [...provider, ...bank];
  const one = [...provider, ...bank].every((line) => line.currency === first?.currency);
  const theirs = provider.reduce((sum, line) => sum + bankAmount(line, desk.options), 0n);
  const shown = bank.reduce((sum, line) => sum + line.amountMinor, 0n);
  const [only] = items;
  return finding({
    kind: 'settlement',
    side: 'provider_bank',
    currency: one && first ? first.currency : null,
    oursMinor: only && items.length === 1 && only.currency === first?.currency ? only.grossMinor : null,
    providerMinor: one && provider.length > 0 ? theirs : null,
    bankMinor: one && bank.length > 0 ? shown : null,
    differenceMinor: one ? shown - theirs : 0n,
    subjects: {
      ...NO_SUBJECTS,
      payoutIds: idsOf(items),
      ledgerKeys: keysOf(items),
      providerKeys: keysOf(provider),
      bankKeys: keysOf(bank),
    },
    ...facts,
  });
}

/** Reports what cannot be decided, with its candidates, and takes it off the desk. */
export function reportAmbiguousAtBank(
  desk: BankDesk,
  detail: BreakDetail,
  identity: { anchor: readonly string[]; period: Period },
  providerAt: readonly number[],
  bankAt: readonly number[],
): void {
  const provider = providerAt.flatMap((at) => desk.provider[at] ?? []).sort(byKey);
  const bank = bankAt.flatMap((at) => desk.bank[at] ?? []).sort(byKey);
  const candidates: Candidate[] = [
    ...provider.map((line) => ({
      source: 'provider' as const,
      key: line.key,
      payoutId: null,
      amountMinor: bankAmount(line, desk.options),
      currency: line.currency,
    })),
    ...bank.map((line) => ({
      source: 'bank' as const,
      key: line.key,
      payoutId: null,
      amountMinor: line.amountMinor,
      currency: line.currency,
    })),
  ];
  const facts = { candidates: candidates.slice(0, CANDIDATE_LIMIT), candidateCount: candidates.length };
  desk.out.findings.push(bankFinding(desk, { type: 'ambiguous', detail, ...identity, ...facts }, providerAt, bankAt));
  for (const at of providerAt) desk.doneProvider[at] = 1;
  for (const at of bankAt) desk.doneBank[at] = 1;
}

/** Records a match and takes its lines off the desk. */
export function matchAtBank(
  desk: BankDesk,
  match: Pick<Match, 'rule' | 'agreed' | 'differs'>,
  providerAt: readonly number[],
  bankAt: readonly number[],
): void {
  for (const at of providerAt) desk.doneProvider[at] = 1;
  for (const at of bankAt) desk.doneBank[at] = 1;
  desk.out.matches.push({
    side: 'provider_bank',
    ...match,
    ledgerKeys: keysOf(itemsOf(desk, providerAt)),
    providerKeys: keysOf(providerAt.flatMap((at) => desk.provider[at] ?? [])),
    bankKeys: keysOf(bankAt.flatMap((at) => desk.bank[at] ?? [])),
  });
}

/** What the identity of a break about a group is made of: its payout, its reference, or its line. */
export function groupIdentity(desk: BankDesk, group: number): { anchor: readonly string[]; period: Period } {
  const [at = -1] = desk.index.groups[group] ?? [];
  const line = desk.provider[at];
  const item = desk.items[desk.itemOf[at] ?? -1];
  if (item?.kind === 'payout') return { anchor: [item.payoutId ?? item.key], period: item.occurredOn };
  if (item) return { anchor: [item.key], period: item.occurredOn };
  const ref = referenceOf(line?.providerRef ?? null);
  const days = (desk.index.groups[group] ?? []).flatMap((each) => desk.provider[each]?.bookedOn ?? []).sort();
  return { anchor: [ref ?? line?.key ?? ''], period: days[0] ?? '' };
}

/** The identity of a cluster is its first bank line: those are new every day, while keys of files only rise. */
export function reportCluster(
  desk: BankDesk,
  detail: 'same_facts' | 'counterparty_unknown' | 'several_sums' | 'sum_not_proof',
  what: string,
  provider: readonly number[],
  bank: readonly number[],
): void {
  const [first] = bank.flatMap((at) => desk.bank[at] ?? []).sort((a, b) => (a.key < b.key ? -1 : 1));
  if (!first) return;
  reportAmbiguousAtBank(desk, detail, { anchor: [what, first.key], period: first.bookedOn }, provider, bank);
}

/** The amount that the bank should show for the line at a position. */
export function lineAmount(desk: BankDesk, at: number): bigint {
  const line = desk.provider[at];
  return line ? bankAmount(line, desk.options) : 0n;
}

/** Notes what the bank shows of lines: the third column of the report. */
export function showAtBank(desk: BankDesk, provider: readonly number[], bank: readonly number[]): void {
  const shown = bank.reduce((sum, at) => sum + (desk.bank[at]?.amountMinor ?? 0n), 0n);
  for (const at of provider) desk.out.shownAtBank.set(desk.provider[at]?.key ?? '', shown);
}

function itemsOf(desk: BankDesk, providerAt: readonly number[]): LedgerItem[] {
  const at = new Set(providerAt.map((line) => desk.itemOf[line] ?? -1));
  return [...at].flatMap((item) => desk.items[item] ?? []);
}
