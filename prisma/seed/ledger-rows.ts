import { minorDigits } from '../../apps/api/src/core/currency.ts';
import { type Money, money } from '../../apps/api/src/core/money.ts';
import { MINUTE_MS, startOfDay, utcDate } from '../../apps/api/src/core/time.ts';
import {
  ACCOUNT_KINDS,
  type AccountCode,
  accountKind,
  balanceChange,
  balancedEntry,
  clearingOf,
  credit,
  debit,
  type Line,
} from '../../apps/api/src/ledger/journal.ts';
import { randomOf } from './prng.ts';
import type { PayoutStory } from './story.ts';
import type { PostedEntry } from './story-parts.ts';

/** Every journal entry of the demonstration, oldest first: what the stories posted, and the money that wallets began with. */
export function allEntries(stories: readonly PayoutStory[]): PostedEntry[] {
  const posted = stories.flatMap((story) => story.entries);
  const place = new Map(posted.map((entry, at) => [entry, at]));
  return [...fundings(posted), ...posted].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || (place.get(a) ?? -1) - (place.get(b) ?? -1),
  );
}

const isWallet = (account: AccountCode) => accountKind(account) === 'wallet';

/**
 * What customers paid in: each wallet gets, on the evening before a day, at least what leaves it on that day. So no wallet
 * is overdrawn at any moment, whatever order a day's payouts come in.
 */
function fundings(posted: readonly PostedEntry[]): PostedEntry[] {
  const needs = new Map<string, { account: AccountCode; day: string; amount: Money }>();
  for (const { entry, at } of posted) {
    for (const { account, side, amount } of entry.lines) {
      if (side !== 'debit' || !isWallet(account)) continue;
      const day = utcDate(at);
      const key = `${account} ${amount.currency} ${day}`;
      const soFar = needs.get(key)?.amount.minor ?? 0n;
      needs.set(key, { account, day, amount: money(soFar + amount.minor, amount.currency) });
    }
  }
  return [...needs].map(([key, { account, day, amount }]) => {
    const random = randomOf(`funding ${key}`);
    const at = new Date(startOfDay(utcDate(new Date(day))).getTime() - random.int(3 * MINUTE_MS, 55 * MINUTE_MS));
    const ten = 10n ** BigInt(minorDigits(amount.currency) + 1);
    const more = (amount.minor * BigInt(random.int(102, 130))) / 100n;
    const paidIn = money((more / ten + 1n) * ten, amount.currency);
    const lines = [debit(clearingOf('stripe'), paidIn), credit(account, paidIn)];
    return { id: random.uuid(at), entry: balancedEntry('funding', 'provider → wallet', lines), payoutId: null, at };
  });
}

/** A ledger account with what its postings add up to, in minor units on its normal side. */
export interface DemoAccount {
  code: AccountCode;
  currency: string;
  openedAt: Date;
  balanceMinor: bigint;
  postingCount: number;
  updatedAt: Date;
}

/** The accounts that the entries touch, in the order of code and currency. Throws when one would be overdrawn on the way. */
export function accountsOf(entries: readonly PostedEntry[]): DemoAccount[] {
  const accounts = new Map<string, DemoAccount>();
  for (const { entry, at } of entries) {
    for (const line of entry.lines) {
      const { account: code, amount } = line;
      const key = accountKey(line);
      const found = accounts.get(key);
      const account = found ?? {
        code,
        currency: amount.currency,
        openedAt: at,
        balanceMinor: 0n,
        postingCount: 0,
        updatedAt: at,
      };
      account.balanceMinor += balanceChange(line);
      account.postingCount += 1;
      account.updatedAt = at;
      if (account.balanceMinor < 0n && !ACCOUNT_KINDS[accountKind(code)].mayOverdraw) {
        throw new Error(`${key} would be overdrawn at ${at.toISOString()}.`);
      }
      accounts.set(key, account);
    }
  }
  return [...accounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, account]) => account);
}

export function accountKey({ account, amount }: Pick<Line, 'account' | 'amount'>): string {
  return `${account} ${amount.currency}`;
}
