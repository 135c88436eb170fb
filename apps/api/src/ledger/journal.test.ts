import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CURRENCIES } from '../core/currency.ts';
import { money } from '../core/money.ts';
import {
  ACCOUNT_KINDS,
  type AccountCode,
  accountKind,
  balanceChange,
  balancedEntry,
  clearingOf,
  credit,
  debit,
  IN_FLIGHT,
  type Line,
  walletOf,
} from './journal.ts';

const eur = (minor: bigint) => money(minor, 'EUR');
const wallet = walletOf('0199f8f0-0000-7000-8000-000000000000');

it.each([
  [wallet, 'wallet'],
  [clearingOf('stripe'), 'psp_clearing'],
  [IN_FLIGHT, 'payouts_in_flight'],
  ['fees' as AccountCode, 'fees'],
  ['suspense' as AccountCode, 'suspense'],
  ['write_off' as AccountCode, 'write_off'],
])('%s is an account of kind %s', (code, kind) => {
  expect(accountKind(code)).toBe(kind);
});

it.each(['', 'cash', 'constructor', 'Wallet:1'])('%j is no account of ours', (code) => {
  expect(() => accountKind(code as AccountCode)).toThrow('unknown ledger account');
});

it('wallets alone may never be overdrawn', () => {
  const strict = Object.entries(ACCOUNT_KINDS).filter(([, { mayOverdraw }]) => !mayOverdraw);
  expect(strict.map(([kind]) => kind)).toEqual(['wallet']);
});

it.each([
  ['one line', [debit(wallet, eur(1n))]],
  ['no line', []],
  ['more debit than credit', [debit(wallet, eur(2n)), credit(IN_FLIGHT, eur(1n))]],
  ['two debits', [debit(wallet, eur(1n)), debit(IN_FLIGHT, eur(1n))]],
  ['equal numbers of two currencies', [debit(wallet, eur(1n)), credit(IN_FLIGHT, money(1n, 'USD'))]],
  ['a zero', [debit(wallet, eur(0n)), credit(IN_FLIGHT, eur(0n))]],
  ['a negative amount', [debit(wallet, eur(-1n)), credit(IN_FLIGHT, eur(-1n))]],
])('refuses %s', (_, lines) => {
  expect(() => balancedEntry('adjustment', 'test', lines)).toThrow();
});

it('takes what balances in every currency, and only that', () => {
  const line = fc
    .record({
      minor: fc.bigInt({ min: 1n, max: 1_000n }),
      currency: fc.constantFrom(...CURRENCIES.slice(0, 3)),
      isDebit: fc.boolean(),
    })
    .map(({ minor, currency, isDebit }): Line => (isDebit ? debit : credit)(IN_FLIGHT, money(minor, currency)));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const mirrored = lines.map((l): Line => ({ ...l, side: l.side === 'debit' ? 'credit' : 'debit' }));
      const entry = balancedEntry('adjustment', 'test', [...lines, ...mirrored]);
      expect(entry.lines.reduce((sum, l) => sum + balanceChange(l), 0n)).toBe(0n);
      const off = debit(IN_FLIGHT, money(1n, lines[0]?.amount.currency ?? 'EUR'));
      expect(() => balancedEntry('adjustment', 'test', [...lines, ...mirrored, off])).toThrow('off by 1');
    }),
  );
});

it('a line grows its account on the account’s normal side, and shrinks it on the other', () => {
  expect(balanceChange(credit(wallet, eur(5n)))).toBe(5n);
  expect(balanceChange(debit(wallet, eur(5n)))).toBe(-5n);
  expect(balanceChange(debit(clearingOf('stripe'), eur(5n)))).toBe(5n);
  expect(balanceChange(credit(clearingOf('stripe'), eur(5n)))).toBe(-5n);
});
