import { toId } from '../../apps/api/src/core/ids.ts';
import { type Money, money } from '../../apps/api/src/core/money.ts';
import { addBusinessDays, HOUR_MS, type LocalDate, startOfDay, utcDate } from '../../apps/api/src/core/time.ts';
import type { BadDay } from './bad-day.ts';
import type { Stranger } from './break-stories.ts';
import type { PayoutStory } from './story.ts';
import type { AtProvider, FileQuirks } from './story-parts.ts';

/** Money that left our account at the provider, or came back to it: what both files tell of. */
export interface Movement {
  providerRef: string;
  reversal: boolean;
  /** Signed from our account's view: a payout is negative. */
  gross: Money;
  /** What the provider kept, minor units. */
  feeMinor: bigint;
  /** When the provider made it. */
  at: Date;
  /** The day of the files that it is in. */
  on: LocalDate;
  /** The day on which the payee has it. */
  arrivesOn: LocalDate;
  payee: string;
  descriptor: string;
  /** Our ids as the provider and the bank carry them back; null where it was not ours. */
  ours: { payoutId: string; attemptId: string } | null;
  atBank: NonNullable<FileQuirks['bank']> | 'once';
}

/** Every movement at the provider, oldest first, as its books have them (sandbox-books.ts). */
export function movementsOf({ now, stories, strangers }: BadDay): Movement[] {
  const movements = stories.flatMap((story) =>
    story.atProvider.flatMap((truth) => movementsAtProvider(story, truth, now)),
  );
  movements.push(...strangers.map(ofStranger));
  return movements.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.providerRef < b.providerRef ? -1 : 1));
}

function movementsAtProvider(story: PayoutStory, truth: AtProvider, now: Date): Movement[] {
  const { payout, quirks } = story;
  const { failedAt, paidAt } = heardOf(story, truth);
  const made = quirks.bookedOn ? new Date(startOfDay(quirks.bookedOn).getTime() + 6 * HOUR_MS) : truth.createdAt;
  // One that failed on its way is reported with its reversal; one that was paid first was reported when it was made.
  const on = utcDate(failedAt && !paidAt ? failedAt : made);
  const debit: Movement = {
    providerRef: truth.id,
    reversal: false,
    gross: money(-truth.amount.minor, truth.amount.currency),
    feeMinor: quirks.providerFee?.minor ?? 0n,
    at: made,
    on,
    arrivesOn: arrival(story, truth, { failedAt, paidAt }, now),
    payee: payout.destination.holder,
    descriptor: payout.merchantReference ?? payout.descriptor,
    ours: { payoutId: toId('payout', payout.id), attemptId: toId('attempt', truth.attemptId) },
    atBank: quirks.bank ?? 'once',
  };
  if (!failedAt) return [debit];
  const backOn = utcDate(failedAt);
  return [
    debit,
    { ...debit, reversal: true, gross: truth.amount, feeMinor: 0n, at: failedAt, on: backOn, arrivesOn: backOn },
  ];
}

/** When the provider told us that it was paid, and that it failed. */
function heardOf({ news }: PayoutStory, { id }: AtProvider): { paidAt: Date | null; failedAt: Date | null } {
  const told = (type: string) => news.find((one) => one.providerPayoutId === id && one.type === type);
  return {
    paidAt: told('payout.paid')?.occurredAt ?? null,
    failedAt: told('payout.failed')?.occurredAt ?? null,
  };
}

/** What is under way arrives in some days, and what we were never told of arrived, or failed, only today. */
function arrival(
  { payout, quirks }: PayoutStory,
  { status, createdAt }: AtProvider,
  { failedAt, paidAt }: ReturnType<typeof heardOf>,
  now: Date,
): LocalDate {
  const known = paidAt ?? failedAt;
  if (known) return utcDate(known);
  if (status === 'paid') {
    return quirks.arrivedOn ?? utcDate(payout.status === 'in_transit' ? now : createdAt);
  }
  return addBusinessDays(utcDate(now), 3);
}

function ofStranger({ id, createdAt, amount, payee }: Stranger): Movement {
  return {
    providerRef: id,
    reversal: false,
    gross: money(-amount.minor, amount.currency),
    feeMinor: 0n,
    at: createdAt,
    on: utcDate(createdAt),
    arrivesOn: utcDate(createdAt),
    payee,
    descriptor: 'Manual payout',
    ours: null,
    atBank: 'without_reference',
  };
}
