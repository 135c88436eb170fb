import { type Finding, finding, NO_SUBJECTS } from './break.ts';
import { idsOf } from './ledger-index.ts';
import { agreedFacts, VIA_SUM } from './match-rule.ts';
import { AGREES, providerState } from './payout-verdict.ts';
import { type Desk, itemFinding, keysOf, linesOf } from './settlement-desk.ts';
import type { Fact, LedgerItem, ProviderLine } from './settlement-input.ts';
import { agrees } from './tolerance.ts';

/**
 * A line that is the sum of several items: each of them has to be where the line says, and their fees are its fee and
 * those that were charged apart.
 */
export function claimBatch(desk: Desk, at: number, members: readonly number[]): void {
  const line = desk.lines[at];
  if (!line) return;
  const items = members.flatMap((member) => desk.ledger.items[member] ?? []);
  desk.spokenLines[at] = 1;
  for (const member of members) {
    desk.spokenItems[member] = 1;
    desk.batchedItems[member] = 1;
  }
  const theirs = providerState([line]);
  const contradicting = items.filter((item) => !AGREES[theirs].includes(item.status));
  for (const item of contradicting) {
    desk.out.findings.push(
      itemFinding(item, [line], {
        type: 'status_mismatch',
        detail: theirs === 'paid' ? 'provider_paid' : 'provider_in_transit',
        oursMinor: item.grossMinor,
        providerMinor: item.grossMinor,
        differenceMinor: 0n,
        unknownDebit: false,
      }),
    );
  }
  const charged = members.flatMap((member) => linesOf(desk, member).lines);
  const fees = items.reduce((sum, item) => sum + item.feeMinor, 0n);
  const feeBreaks = batchFeeFindings(desk, line, charged, items, fees);
  for (const found of feeBreaks) desk.out.findings.push(found);
  const differs: Fact[] = [];
  if (contradicting.length > 0) differs.push('status');
  if (feeBreaks.length > 0) differs.push('fee');
  desk.out.matches.push({
    side: 'ledger_provider',
    rule: 'sum',
    ledgerKeys: keysOf(items),
    providerKeys: keysOf([line, ...charged]),
    bankKeys: [],
    agreed: agreedFacts(VIA_SUM, contradicting.length > 0 ? [] : ['status']),
    differs,
  });
}

/** The fee of a batch is its line's and what was charged for its items apart; another currency's is not added to it. */
function batchFeeFindings(
  desk: Desk,
  batch: ProviderLine,
  charged: readonly ProviderLine[],
  items: readonly LedgerItem[],
  ours: bigint,
): Finding[] {
  const own = charged.filter((line) => line.currency === batch.currency);
  const strange = charged.filter((line) => line.currency !== batch.currency);
  const facts = {
    kind: 'settlement',
    side: 'ledger_provider',
    anchor: [batch.key],
    period: batch.bookedOn,
    subjects: {
      ...NO_SUBJECTS,
      payoutIds: idsOf(items),
      ledgerKeys: keysOf(items),
      providerKeys: keysOf([batch, ...charged]),
    },
  } as const;
  const found: Finding[] = [];
  if (strange.length > 0) found.push(finding({ ...facts, type: 'currency_mismatch', detail: 'currency_differs' }));
  if (batch.feeMinor === null && own.length === 0) return found;
  const theirs = own.reduce((sum, line) => sum - line.grossMinor + (line.feeMinor ?? 0n), batch.feeMinor ?? 0n);
  if (agrees(ours, theirs, batch.currency, desk.options.tolerance.fee)) return found;
  return [
    ...found,
    finding({
      ...facts,
      type: 'fee_mismatch',
      detail: 'fee_differs',
      currency: batch.currency,
      oursMinor: -ours,
      providerMinor: -theirs,
      differenceMinor: ours - theirs,
    }),
  ];
}
