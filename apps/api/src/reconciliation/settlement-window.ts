import type { Currency } from '../core/currency.ts';
import { addBusinessDays, addDays, isBusinessDay, type LocalDate } from '../core/time.ts';
import type { Rail } from '../payouts/payout.ts';

/** Business days after it was sent within which a payout's absence from the provider's file is expected. */
const SETTLE_BUSINESS_DAYS: Record<Rail, number> = {
  instant: 1,
  card_push: 1,
  local: 1,
  sepa: 2,
  wire: 2,
  ach: 4,
};

/** Business days after the provider booked a payout within which the bank must show it. */
const BANK_BUSINESS_DAYS = 2;

/** Last day on which a payout that was sent on `sentOn` may still be missing at the provider. */
export function settleBy(rail: Rail, sentOn: LocalDate): LocalDate {
  return addBusinessDays(sentOn, SETTLE_BUSINESS_DAYS[rail]);
}

/** Last day on which a payout that the provider booked on `bookedOn` may still be missing at the bank. */
export function bankBy(bookedOn: LocalDate): LocalDate {
  return addBusinessDays(bookedOn, BANK_BUSINESS_DAYS);
}

/** Days that a source covers without a gap; both ends included. */
export interface DayRange {
  from: LocalDate;
  through: LocalDate;
}

/** What a source covers, per currency, as `mergeRanges` leaves it. */
export type Coverage = Partial<Record<Currency, readonly DayRange[]>>;

/** Whether one stretch without a gap covers all these days. A file that is missing in between is missing, not empty. */
export function covers(coverage: Coverage, currency: Currency, from: LocalDate, through: LocalDate): boolean {
  return (coverage[currency] ?? []).some((range) => range.from <= from && through <= range.through);
}

/**
 * The stretches that files cover together, ascending. Files meet when no business day lies between them, and a stretch
 * takes in the weekend before and after it: banks and providers book nothing then.
 */
export function mergeRanges(ranges: readonly DayRange[]): DayRange[] {
  const merged: DayRange[] = [];
  for (const range of ranges.map(withWeekends).sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (last && range.from <= addDays(last.through, 1)) {
      if (range.through > last.through) last.through = range.through;
    } else merged.push({ ...range });
  }
  return merged;
}

function withWeekends({ from, through }: DayRange): DayRange {
  let [first, last] = [from, through];
  while (!isBusinessDay(addDays(first, -1))) first = addDays(first, -1);
  while (!isBusinessDay(addDays(last, 1))) last = addDays(last, 1);
  return { from: first, through: last };
}
