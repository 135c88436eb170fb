import { type BreakDetail, type Finding, finding, NO_SUBJECTS } from './break.ts';
import { cancelReversals } from './payout-verdict.ts';
import { type ProviderLine, referenceOf } from './settlement-input.ts';

/**
 * Breaks for provider lines that nothing in the ledger explains: one per provider reference and currency, so that a
 * debit and its reversal are one story and a repeated debit shows as such.
 */
export function unknownLineFindings(lines: readonly ProviderLine[]): Finding[] {
  const groups = Map.groupBy(lines, (line) => {
    const ref = line.kind === 'fee' ? null : referenceOf(line.providerRef);
    return ref === null ? `line ${line.key}` : `reference ${ref} ${line.currency}`;
  });
  return [...groups.values()].flatMap((group) => unknownGroup(group));
}

function unknownGroup(group: readonly ProviderLine[]): Finding[] {
  const [first] = group;
  if (!first) return [];
  const { live } = cancelReversals(group.filter((line) => line.status !== 'failed'));
  const debits = live.filter((line) => line.grossMinor < 0n).length;
  const sum = live.reduce((total, line) => total + line.grossMinor, 0n);
  const ref = first.kind === 'fee' ? null : referenceOf(first.providerRef);
  const repeated = ref !== null && debits > 1;
  return [
    finding({
      kind: 'settlement',
      type: repeated ? 'duplicate_at_provider' : 'missing_in_ledger',
      side: 'ledger_provider',
      detail: repeated ? 'repeated_debit_unknown' : detailOf(first, live),
      anchor: ref === null ? [first.key] : [ref, first.currency],
      period: group.map((line) => line.bookedOn).sort()[0] ?? first.bookedOn,
      currency: first.currency,
      providerMinor: sum,
      differenceMinor: sum,
      unknownDebit: first.kind !== 'fee' && debits > 0,
      subjects: { ...NO_SUBJECTS, providerKeys: group.map((line) => line.key) },
    }),
  ];
}

function detailOf(first: ProviderLine, live: readonly ProviderLine[]): BreakDetail {
  if (first.kind === 'fee') return 'fee_unknown';
  if (live.length === 0) return first.status === 'failed' ? 'provider_failed' : 'reversed_debit_unknown';
  return live.some((line) => line.grossMinor < 0n) ? 'debit_unknown' : 'credit_unknown';
}
