import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import type { PayoutStatus } from '../payouts/payout.ts';
import type { BreakDetail, BreakType } from './break.ts';
import type { Fact, LedgerItem, ProviderLine, SettlementOptions } from './settlement-input.ts';
import { type Coverage, covers } from './settlement-window.ts';
import { agrees } from './tolerance.ts';

/** One disagreement about an item of the ledger; amounts signed from our account's view. */
export interface Disagreement {
  type: BreakType;
  detail: BreakDetail;
  oursMinor: bigint | null;
  providerMinor: bigint | null;
  differenceMinor: bigint;
  unknownDebit: boolean;
}

export interface Verdict {
  disagreements: readonly Disagreement[];
  /** What becomes a break once the window is past: the provider has nothing of it yet, or not all. */
  onceLate: Disagreement | null;
  agreed: readonly Fact[];
  differs: readonly Fact[];
}

/** What our books say the provider has done with the money of an item, by its status. */
const MOVEMENT: Record<PayoutStatus, 'none' | 'out' | 'out_and_back'> = {
  queued: 'none',
  held: 'none',
  failed: 'none',
  canceled: 'none',
  sending: 'out',
  unconfirmed: 'out',
  in_transit: 'out',
  paid: 'out',
  returned: 'out_and_back',
};

/** Which break an absence past the window is; null when nothing was to be expected. */
const ABSENCE: Record<PayoutStatus, Pick<Disagreement, 'type' | 'detail'> | null> = {
  queued: { type: 'missing_at_provider', detail: 'provider_lacks_unsent' },
  sending: { type: 'missing_at_provider', detail: 'provider_lacks_unsent' },
  unconfirmed: { type: 'missing_at_provider', detail: 'provider_lacks_unsent' },
  in_transit: { type: 'late_settlement', detail: 'accepted_not_settled' },
  paid: { type: 'missing_at_provider', detail: 'provider_lacks_paid' },
  returned: { type: 'missing_at_provider', detail: 'provider_lacks_paid' },
  failed: null,
  held: null,
  canceled: null,
};

/** Whether our books say that money of the item is out, or was. */
export function isOut(item: LedgerItem): boolean {
  return MOVEMENT[item.status] !== 'none';
}

/** The break for an item that the provider does not have, null when that is as it should be. */
export function absence(item: LedgerItem): Disagreement | null {
  const as = ABSENCE[item.status];
  return (
    as && {
      ...as,
      oursMinor: item.grossMinor,
      providerMinor: null,
      differenceMinor: -item.grossMinor,
      unknownDebit: false,
    }
  );
}

/**
 * How an absence is to be taken: its window is still open, a file that would show it is missing, or it is a break.
 * The window is from the first to the last day on which the other source should have shown it.
 */
export function judgeAbsence(
  window: { currency: Currency; from: LocalDate; by: LocalDate },
  coverage: Coverage,
  asOf: LocalDate,
): 'expected' | 'unexamined' | 'break' {
  if (asOf <= window.by) return 'expected';
  return covers(coverage, window.currency, window.from, window.by) ? 'break' : 'unexamined';
}

/** Compares one item of the ledger with every provider line that belongs to it. Pure and exact. */
export function judgeItem(item: LedgerItem, lines: readonly ProviderLine[], options: SettlementOptions): Verdict {
  const own = lines.filter((line) => line.currency === item.currency);
  const disagreements: Disagreement[] = [];
  const agreed: Fact[] = [];
  const differs: Fact[] = [];
  if (own.length < lines.length) {
    differs.push('currency');
    disagreements.push(disagree('currency_mismatch', 'currency_differs', item.grossMinor, null, -item.grossMinor));
  } else if (own.length > 0) agreed.push('currency');

  const feeOnly = (line: ProviderLine) => line.kind === 'fee' && item.kind === 'payout';
  const movements = own.filter((line) => line.status !== 'failed' && !feeOnly(line));
  const { live, reversed } = cancelReversals(movements);
  const money =
    live.length > 0 ? judgeLive(item, live, options) : judgeNothing(item, own, reversed, own.length < lines.length);
  if (money.disagreement) disagreements.push(money.disagreement);
  agreed.push(...money.agreed);
  differs.push(...money.differs);

  // A second debit brings its own fee; that is the same story, told once.
  const twice = money.disagreement?.type === 'duplicate_at_provider';
  const fee = twice ? null : judgeFee(item, own, feeOnly, options);
  if (fee === 'same') agreed.push('fee');
  else if (fee) {
    disagreements.push(fee);
    differs.push('fee');
  }
  const net = live.every((line) => line.netMinor === null || line.netMinor === line.grossMinor - (line.feeMinor ?? 0n));
  if (!net && !disagreements.some((one) => one.type === 'amount_mismatch')) {
    const theirs = sumOf(live, (line) => line.netMinor ?? line.grossMinor);
    const expected = sumOf(live, (line) => line.grossMinor - (line.feeMinor ?? 0n));
    disagreements.push(disagree('amount_mismatch', 'net_differs', expected, theirs, theirs - expected));
    differs.push('net');
  } else if (net && fee === 'same' && money.agreed.includes('amount')) agreed.push('net');
  return { disagreements, onceLate: money.onceLate, agreed, differs };
}

/** Lines whose money is still away, after each reversal took back the debit it belongs to. */
export function cancelReversals(lines: readonly ProviderLine[]): { live: ProviderLine[]; reversed: ProviderLine[] } {
  const waiting = new Map<string, ProviderLine[]>();
  const [debits, credits] = [
    lines.filter((line) => line.grossMinor < 0n),
    lines.filter((line) => line.grossMinor >= 0n),
  ];
  if (debits.length === 0 || credits.length === 0) return { live: [...lines], reversed: [] };
  const keyed = (ref: string | null, line: ProviderLine) =>
    `${ref ?? ''}|${line.currency}|${absMinor(line.grossMinor)}`;
  for (const debit of debits) {
    const key = keyed(debit.providerRef, debit);
    waiting.set(key, [...(waiting.get(key) ?? []), debit]);
  }
  const gone = new Set<ProviderLine>();
  const pair = (credit: ProviderLine, ref: string | null) => {
    const debit = waiting.get(keyed(ref, credit))?.shift();
    if (debit) gone.add(debit).add(credit);
  };
  for (const credit of credits) pair(credit, credit.providerRef);
  for (const credit of credits) if (!gone.has(credit) && credit.providerRef !== null) pair(credit, null);
  return { live: lines.filter((line) => !gone.has(line)), reversed: lines.filter((line) => gone.has(line)) };
}

interface MoneyVerdict {
  disagreement: Disagreement | null;
  onceLate: Disagreement | null;
  agreed: Fact[];
  differs: Fact[];
}

const NOTHING_WRONG: MoneyVerdict = { disagreement: null, onceLate: null, agreed: [], differs: [] };

/** The provider shows money that is away (or came back without having left). */
function judgeLive(item: LedgerItem, live: readonly ProviderLine[], options: SettlementOptions): MoneyVerdict {
  const movement = MOVEMENT[item.status];
  const gross = item.grossMinor;
  const sum = sumOf(live, (line) => line.grossMinor);
  const forward = live.filter((line) => line.grossMinor < 0n === gross < 0n).length;
  const expected = movement === 'out' ? gross : 0n;
  const disputed = (type: BreakType, detail: BreakDetail, differs: Fact, unknownDebit = false): MoneyVerdict => ({
    disagreement: {
      ...disagree(type, detail, movement === 'none' ? null : expected, sum, sum - expected),
      unknownDebit,
    },
    onceLate: null,
    agreed: [],
    differs: [differs],
  });

  if (forward === 0) {
    return movement === 'out'
      ? disputed('status_mismatch', 'provider_returned', 'status')
      : disputed('amount_mismatch', 'gross_differs', 'amount');
  }
  const whole = agrees(gross, sum, item.currency, options.tolerance.gross);
  if (forward > 1 && !whole && absMinor(sum) > absMinor(gross)) {
    return disputed('duplicate_at_provider', 'two_debits_at_provider', 'count', movement === 'none' && sum < 0n);
  }
  if (movement === 'none') return disputed('status_mismatch', 'debit_after_end', 'status', sum < 0n);
  if (!whole) return disputed('amount_mismatch', 'gross_differs', 'amount');
  const amount: Fact = live.length > 1 ? 'sum' : 'amount';
  if (movement === 'out_and_back') {
    const onceLate = disagree('status_mismatch', 'provider_return_missing', 0n, sum, sum);
    return { disagreement: null, onceLate, agreed: [amount], differs: [] };
  }
  const theirs = providerState(live);
  if (AGREES[theirs].includes(item.status)) return { ...NOTHING_WRONG, agreed: [amount, 'status'] };
  const detail = theirs === 'paid' ? 'provider_paid' : 'provider_in_transit';
  return { ...disputed('status_mismatch', detail, 'status'), agreed: [amount] };
}

/** What the lines of money that is away say about it together. */
export function providerState(live: readonly ProviderLine[]): 'paid' | 'moved' | 'in_transit' {
  if (live.some((line) => line.status === 'in_transit')) return 'in_transit';
  return live.some((line) => line.status === 'moved') ? 'moved' : 'paid';
}

/** Which of our statuses agree with what the provider says. Money that moved may be on its way or have arrived. */
export const AGREES: Record<'paid' | 'moved' | 'in_transit', readonly PayoutStatus[]> = {
  paid: ['paid'],
  moved: ['paid', 'in_transit'],
  in_transit: ['in_transit'],
};

/** The provider shows no money away: never sent, sent and taken back, or refused. */
function judgeNothing(
  item: LedgerItem,
  own: readonly ProviderLine[],
  reversed: readonly ProviderLine[],
  elsewhere: boolean,
): MoneyVerdict {
  const movement = MOVEMENT[item.status];
  // Money that moved in another currency is already a break; saying that it is missing as well would count it twice.
  if (elsewhere) return NOTHING_WRONG;
  const current = (line: ProviderLine) => isCurrentAttempt(item, line);
  const takenBack = reversed.some(current);
  if (movement === 'none')
    return { ...NOTHING_WRONG, onceLate: absence(item), agreed: own.length > 0 ? ['status'] : [] };
  if (movement === 'out_and_back' && takenBack) return { ...NOTHING_WRONG, agreed: ['amount', 'status'] };
  const refused = own.some((line) => line.status === 'failed' && current(line));
  if (!takenBack && !refused) return { ...NOTHING_WRONG, onceLate: absence(item) };
  const detail = takenBack ? 'provider_returned' : 'provider_failed';
  return {
    ...NOTHING_WRONG,
    disagreement: disagree('status_mismatch', detail, item.grossMinor, 0n, -item.grossMinor),
    differs: ['status'],
  };
}

/** Whether a line is of the item's current attempt. A line that names no attempt of it is taken for the current one. */
function isCurrentAttempt(item: LedgerItem, line: ProviderLine): boolean {
  const attempt = item.attempts.findLast(
    (one) => line.ourRefs.includes(one.attemptId) || (one.providerRef !== null && one.providerRef === line.providerRef),
  );
  return attempt === undefined || attempt === item.attempts.at(-1);
}

/** Fees reconcile for themselves; a source that reports none is not compared. */
function judgeFee(
  item: LedgerItem,
  own: readonly ProviderLine[],
  feeOnly: (line: ProviderLine) => boolean,
  options: SettlementOptions,
): 'same' | Disagreement | null {
  if (item.kind === 'fee') return null;
  const reported = own.filter((line) => feeOnly(line) || line.feeMinor !== null);
  if (reported.length === 0) return null;
  const theirs = sumOf(reported, (line) => (feeOnly(line) ? -line.grossMinor : 0n) + (line.feeMinor ?? 0n));
  if (agrees(item.feeMinor, theirs, item.currency, options.tolerance.fee)) return 'same';
  return disagree('fee_mismatch', 'fee_differs', -item.feeMinor, -theirs, item.feeMinor - theirs);
}

function disagree(
  type: BreakType,
  detail: BreakDetail,
  oursMinor: bigint | null,
  providerMinor: bigint | null,
  differenceMinor: bigint,
): Disagreement {
  return { type, detail, oursMinor, providerMinor, differenceMinor, unknownDebit: false };
}

function sumOf(lines: readonly ProviderLine[], amount: (line: ProviderLine) => bigint): bigint {
  return lines.reduce((sum, line) => sum + amount(line), 0n);
}
