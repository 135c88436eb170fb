import { addReference, emptyIndex, type ReferenceIndex, type Resolution, resolve } from './reference-index.ts';
import { type BankLine, type LedgerItem, type ProviderLine, referenceOf } from './settlement-input.ts';

/** Provider lines as the bank may refer to them. Lines are meant by their position. */
export interface BankIndex {
  /** Lines of one payout, or of one provider reference, or a single line. */
  groups: readonly (readonly number[])[];
  groupOf: Int32Array;
  byGroup: ReferenceIndex;
  /** Lines that the provider settles together under one reference. */
  batches: readonly { ref: string; lines: readonly number[] }[];
  byBatch: ReferenceIndex;
}

/** Indexes the lines whose money moved; `itemOf` says which item of the ledger each belongs to. */
export function indexForBank(
  lines: readonly ProviderLine[],
  items: readonly LedgerItem[],
  itemOf: Int32Array,
): BankIndex {
  const groups: number[][] = [];
  const groupOf = new Int32Array(lines.length).fill(-1);
  const byGroup = emptyIndex();
  const ofItem = new Int32Array(items.length).fill(-1);
  const ofReference = new Map<string, number>();
  const batchAt = new Map<string, number[]>();
  lines.forEach((line, at) => {
    if (line.status === 'failed') return;
    const item = itemOf[at] ?? -1;
    const ref = referenceOf(line.providerRef);
    let group = item >= 0 ? (ofItem[item] ?? -1) : ref === null ? -1 : (ofReference.get(ref) ?? -1);
    if (group === -1) {
      group = groups.push([]) - 1;
      if (item >= 0) ofItem[item] = group;
      else if (ref !== null) ofReference.set(ref, group);
      const own = items[item];
      if (own) nameByItem(byGroup, own, group);
    }
    groups[group]?.push(at);
    groupOf[at] = group;
    addReference(byGroup.provider, line.providerRef, group);
    for (const ours of line.ourRefs) addReference(byGroup.ours, ours, group);
    const batch = referenceOf(line.batchRef);
    if (batch !== null && !batchAt.get(batch)?.push(at)) batchAt.set(batch, [at]);
  });
  const batches = [...batchAt].map(([ref, members]) => ({ ref, lines: members }));
  const byBatch = emptyIndex();
  batches.forEach(({ ref }, at) => {
    addReference(byBatch.provider, ref, at);
    addReference(byBatch.ours, ref, at);
  });
  return { groups, groupOf, byGroup, batches, byBatch };
}

/** Whom a line of the bank names: a group of the provider's lines first, then a batch. */
export function resolveBankLine(index: BankIndex, line: BankLine): { of: 'group' | 'batch'; found: Resolution } {
  const group = resolve(index.byGroup, line);
  if (group.kind !== 'none') return { of: 'group', found: group };
  const batch = resolve(index.byBatch, line);
  return batch.kind === 'none' ? { of: 'group', found: group } : { of: 'batch', found: batch };
}

function nameByItem(byGroup: ReferenceIndex, item: LedgerItem, group: number): void {
  if (item.kind === 'payout') addReference(byGroup.ours, item.payoutId, group);
  for (const ref of item.ourRefs) addReference(byGroup.ours, ref, group);
  for (const attempt of item.attempts) {
    addReference(byGroup.ours, attempt.attemptId, group);
    addReference(byGroup.provider, attempt.providerRef, group);
  }
}
