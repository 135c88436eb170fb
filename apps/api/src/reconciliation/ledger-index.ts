import { type Finding, finding, NO_SUBJECTS } from './break.ts';
import { addReference, emptyIndex, type ReferenceIndex } from './reference-index.ts';
import type { LedgerItem, ProviderLine } from './settlement-input.ts';

/** The ledger's items, findable by reference. Items are meant by their position. */
export interface LedgerIndex {
  items: readonly LedgerItem[];
  payouts: ReferenceIndex;
  fees: ReferenceIndex;
  /** Items that stand for a payout; a second item of the same payout does not. */
  leaders: readonly number[];
  /** Items of one payout beyond its first, by leader. */
  doubles: ReadonlyMap<number, readonly number[]>;
  /** A provider reference that several payouts claim, and those payouts' leaders. */
  shared: ReadonlyMap<string, readonly number[]>;
}

/** Indexes items that are in the order of their keys. */
export function indexLedger(items: readonly LedgerItem[]): LedgerIndex {
  const payouts = emptyIndex();
  const fees = emptyIndex();
  const leaders: number[] = [];
  const doubles = new Map<number, number[]>();
  const leaderOf = new Map<string, number>();
  items.forEach((item, at) => {
    let leader = at;
    if (item.kind === 'payout' && item.payoutId !== null) {
      leader = leaderOf.get(item.payoutId) ?? at;
      if (leader === at) leaderOf.set(item.payoutId, at);
      else if (!doubles.get(leader)?.push(at)) doubles.set(leader, [at]);
    }
    if (leader === at) leaders.push(at);
    const index = item.kind === 'fee' ? fees : payouts;
    addReference(index.ours, item.payoutId, leader);
    for (const ref of item.ourRefs) addReference(index.ours, ref, leader);
    for (const attempt of item.attempts) {
      addReference(index.ours, attempt.attemptId, leader);
      addReference(index.provider, attempt.providerRef, leader);
    }
  });
  const shared = new Map<string, readonly number[]>();
  for (const [ref, targets] of payouts.provider) if (typeof targets !== 'number') shared.set(ref, targets);
  return { items, payouts, fees, leaders, doubles, shared };
}

/** The break for a payout that the ledger debits more than once, if it does. */
export function doubleEntryFinding(index: LedgerIndex, leader: number): Finding[] {
  const members = [leader, ...(index.doubles.get(leader) ?? [])].flatMap((at) => index.items[at] ?? []);
  const [first] = members;
  if (!first || members.length < 2) return [];
  const sum = members.reduce((total, item) => total + item.grossMinor, 0n);
  return [
    finding({
      kind: 'settlement',
      type: 'duplicate_in_ledger',
      side: 'ledger',
      detail: 'two_entries_one_payout',
      anchor: ['payout', first.payoutId ?? first.key],
      period: first.occurredOn,
      currency: first.currency,
      oursMinor: sum,
      differenceMinor: first.grossMinor - sum,
      subjects: { ...NO_SUBJECTS, payoutIds: idsOf([first]), ledgerKeys: members.map((item) => item.key) },
    }),
  ];
}

/** The break for two payouts that claim one provider reference; `lines` are the lines that carry it. */
export function sharedReferenceFinding(
  index: LedgerIndex,
  ref: string,
  lines: readonly ProviderLine[],
  unassigned: readonly ProviderLine[],
): Finding[] {
  const members = (index.shared.get(ref) ?? []).flatMap((at) => index.items[at] ?? []).sort(byKey);
  const [first] = members;
  if (!first) return [];
  const one = [...members, ...lines].every((any) => any.currency === first.currency);
  const ours = members.reduce((total, item) => total + item.grossMinor, 0n);
  const theirs = lines.reduce((total, line) => total + line.grossMinor, 0n);
  return [
    finding({
      kind: 'settlement',
      type: 'duplicate_in_ledger',
      side: 'ledger_provider',
      detail: 'one_reference_two_payouts',
      anchor: ['provider_reference', ref],
      period: first.occurredOn,
      currency: one ? first.currency : null,
      oursMinor: one ? ours : null,
      providerMinor: one && lines.length > 0 ? theirs : null,
      differenceMinor: one ? theirs - ours : 0n,
      subjects: {
        ...NO_SUBJECTS,
        payoutIds: idsOf(members),
        ledgerKeys: members.map((item) => item.key),
        providerKeys: unassigned.map((line) => line.key),
      },
    }),
  ];
}

/** The payouts that items belong to, sorted, each once. */
export function idsOf(items: readonly LedgerItem[]): string[] {
  return [...new Set(items.flatMap((item) => item.payoutId ?? []))].sort();
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
