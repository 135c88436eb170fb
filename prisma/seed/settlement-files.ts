import type { Currency } from '../../apps/api/src/core/currency.ts';
import { type Money, money } from '../../apps/api/src/core/money.ts';
import { addDays, type LocalDate, utcDate } from '../../apps/api/src/core/time.ts';
import type { SettlementSource } from '../../apps/api/src/settlement/settlement-line.ts';
import type { BadDay } from './bad-day.ts';
import { type BankEntry, camt053, closingMinor, type Statement } from './camt-writer.ts';
import { of } from './featured.ts';
import { type Movement, movementsOf } from './movements.ts';
import { historyThrough, morningAfter, settlementDays } from './settlement-days.ts';
import { stripeItemisedCsv } from './stripe-csv-writer.ts';

/** A settlement file as its sender would have made it. */
export interface DemoFile {
  source: SettlementSource;
  filename: string;
  /** The last day that it is about. */
  through: LocalDate;
  content: string;
}

/** Our account at the bank: one number, a balance in each currency. The number is made up. */
const BANK_ACCOUNT = { iban: 'DE02100500000024290661', owner: 'Countersign Marketplace GmbH' };

/** What the bank booked by itself: nothing at the provider explains it. */
export interface BankCharge {
  on: LocalDate;
  amount: Money;
  counterparty: string;
  remittance: string;
}

export function bankCharges(now: Date): { older: BankCharge; recent: BankCharge } {
  const [first, second = first] = settlementDays(now);
  const yesterday = addDays(utcDate(now), -1);
  return {
    older: {
      on: second ?? yesterday,
      amount: of('TRY -250.00'),
      counterparty: 'Ege Bank A.Ş.',
      remittance: 'Hesap işletim ücreti',
    },
    recent: {
      on: yesterday,
      amount: of('EUR -38.00'),
      counterparty: 'Hansebank AG',
      remittance: 'Correspondent charges, ref. 7741/20',
    },
  };
}

/**
 * Every settlement file of the demonstration, in the order in which it comes: of each source one with the history, then one
 * a day. The bank's history comes last of the two, and later than the first reconciliation.
 */
export function settlementFiles(day: BadDay): DemoFile[] {
  const { now } = day;
  const history = historyThrough(now);
  const days = [history, ...settlementDays(now)];
  // What is older than the history is part of it.
  const dayOf = (on: LocalDate) => (on < history ? history : on);
  const provider = Map.groupBy(movementsOf(day), ({ on }) => dayOf(on));
  const bank = Map.groupBy([...bankEntries(provider), ...chargeEntries(now)], ({ on }) => dayOf(on));
  const firstDay = [...provider.values()].flat()[0]?.on ?? history;
  let balances = openingBalances([...bank.values()].flat());
  return days.flatMap((through) => {
    const entries = bank.get(through) ?? [];
    const statements = balances.map(
      ({ currency, openingMinor }): Statement => ({
        currency,
        openingMinor,
        entries: entries.filter(({ amount }) => amount.currency === currency),
      }),
    );
    balances = statements.map((statement) => ({
      currency: statement.currency,
      openingMinor: closingMinor(statement),
    }));
    const from = through === history ? firstDay : through;
    const createdAt = morningAfter(through, 'bank', now);
    const statement = { ...BANK_ACCOUNT, from, through, createdAt, statements };
    const span = from === through ? through : `${from}_${through}`;
    return [
      {
        source: 'provider',
        filename: `Itemised_payout_reconciliation_${span}.csv`,
        through,
        content: stripeItemisedCsv(provider.get(through) ?? []),
      },
      {
        source: 'bank',
        filename: `camt053_${BANK_ACCOUNT.iban.slice(-6)}_${span}.xml`,
        through,
        content: camt053(statement),
      },
    ] satisfies DemoFile[];
  });
}

/** The bank books what the provider did on the same day; what it does not show, or shows otherwise, is a quirk of the story. */
function bankEntries(provider: ReadonlyMap<LocalDate, readonly Movement[]>): BankEntry[] {
  return [...provider.values()].flat().flatMap((movement) => {
    const { gross, feeMinor, on, atBank, payee, descriptor, ours, providerRef, reversal } = movement;
    if (atBank === 'not_yet') return [];
    const reference = atBank !== 'without_reference';
    const entry: BankEntry = {
      on,
      amount: money(gross.minor - feeMinor, gross.currency),
      bankRef: `HB${providerRef.slice(-12)}${reversal ? 'R' : ''}`,
      endToEndId: reference ? (ours?.attemptId ?? null) : null,
      counterparty: payee,
      remittance: reference ? descriptor : 'Payout',
    };
    return atBank === 'twice' ? [entry, { ...entry, bankRef: `${entry.bankRef}2` }] : [entry];
  });
}

function chargeEntries(now: Date): BankEntry[] {
  return Object.values(bankCharges(now)).map((charge) => ({
    ...charge,
    bankRef: `HBFEE${charge.on.replaceAll('-', '')}`,
    endToEndId: null,
  }));
}

/** Balances that cover everything that leaves, in round figures. */
function openingBalances(entries: readonly BankEntry[]): { currency: Currency; openingMinor: bigint }[] {
  const out = new Map<Currency, bigint>();
  for (const { amount } of entries) out.set(amount.currency, (out.get(amount.currency) ?? 0n) - amount.minor);
  return [...out]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => ({ currency, openingMinor: ((minor * 14n) / 10_000_000n + 1n) * 1_000_000n }));
}
