import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';
import type { BreakSubjects, Finding } from './break.ts';
import type { PriorBreak } from './carry-forward.ts';
import { judgeLedgerAlone, matchLedgerToProvider } from './ledger-provider.ts';
import { isOut } from './payout-verdict.ts';
import { matchProviderToBank } from './provider-bank.ts';
import {
  type CurrencyTotals,
  inKeyOrder,
  type LedgerItem,
  type SettlementInput,
  type SettlementResult,
} from './settlement-input.ts';

/**
 * Matches ledger, provider and bank (domain rules §3): ledger ↔ provider, then provider ↔ bank. Deterministic: neither
 * the order of the input nor the clock matters. Near-linear in the number of lines. Callers pass whole stories: a line
 * that was matched in an earlier run comes again with everything that refers to the same payout.
 * Throws RangeError when two lines of one source share a key.
 */
export function matchSettlement(input: SettlementInput): SettlementResult {
  const { options } = input;
  const items = inKeyOrder(input.ledger);
  const provider = input.provider ? inKeyOrder(input.provider.lines) : null;
  const bank = input.bank ? inKeyOrder(input.bank.lines) : null;
  const budget = { steps: options.sumSearch.maxStepsPerRun };

  const first =
    provider && input.provider
      ? matchLedgerToProvider(items, provider, input.provider.coverage, options, budget)
      : judgeLedgerAlone(items, options);
  const second =
    provider && bank && input.provider && input.bank
      ? matchProviderToBank(
          provider,
          bank,
          items,
          first.itemOf,
          { provider: input.provider.coverage, bank: input.bank.coverage },
          options,
          budget,
        )
      : null;

  const findings = [
    ...first.findings.map((found) => withBankSide(found, second?.shownAtBank)),
    ...(second?.findings ?? []),
  ].sort(byIdentity);
  const awaitingBank = second
    ? []
    : (provider ?? []).filter((line) => line.bankBy !== null && line.bankBy < options.asOf);
  const awaitingKeys = new Set(awaitingBank.map((line) => line.key));
  return {
    sources: { provider: provider ? 'present' : 'missing', bank: bank ? 'present' : 'missing' },
    matches: second ? [...first.matches, ...second.matches] : first.matches,
    findings,
    expected: {
      ledgerKeys: first.expected,
      providerKeys: second
        ? second.expected
        : (provider ?? []).filter((line) => !awaitingKeys.has(line.key)).map((line) => line.key),
    },
    unexamined: {
      ledgerKeys: first.unexamined,
      providerKeys: second ? second.unexaminedProvider : [...awaitingKeys],
      bankKeys: second ? second.unexaminedBank : (bank ?? []).map((line) => line.key),
    },
    outsideLedger: first.outsideLedger,
    totals: totalsOf(items, findings),
    sumSearchExhausted: first.sumSearchExhausted || (second?.sumSearchExhausted ?? false),
  };
}

/**
 * Whether a run compared what an earlier break is about, so that it may clear it: its two sources were there, every
 * line it names was part of the run, and none of them was left unexamined.
 */
export function settlementScope(input: SettlementInput, result: SettlementResult): (prior: PriorBreak) => boolean {
  const seen = {
    payoutIds: new Set(input.ledger.flatMap((item) => item.payoutId ?? [])),
    ledgerKeys: new Set(input.ledger.map((item) => item.key)),
    providerKeys: new Set(input.provider?.lines.map((line) => line.key)),
    bankKeys: new Set(input.bank?.lines.map((line) => line.key)),
  };
  const unexamined = {
    ledgerKeys: new Set(result.unexamined.ledgerKeys),
    providerKeys: new Set(result.unexamined.providerKeys),
    bankKeys: new Set(result.unexamined.bankKeys),
  };
  const all = (keys: readonly string[], among: ReadonlySet<string>) => keys.every((key) => among.has(key));
  const present = (subjects: BreakSubjects) =>
    all(subjects.payoutIds, seen.payoutIds) &&
    all(subjects.ledgerKeys, seen.ledgerKeys) &&
    all(subjects.providerKeys, seen.providerKeys) &&
    all(subjects.bankKeys, seen.bankKeys);
  return (prior) => {
    switch (prior.side) {
      case 'ledger':
        return present(prior.subjects);
      case 'ledger_provider':
        return (
          input.provider !== null &&
          present(prior.subjects) &&
          !prior.subjects.ledgerKeys.some((key) => unexamined.ledgerKeys.has(key))
        );
      case 'provider_bank':
        return (
          input.provider !== null &&
          input.bank !== null &&
          present(prior.subjects) &&
          !prior.subjects.providerKeys.some((key) => unexamined.providerKeys.has(key)) &&
          !prior.subjects.bankKeys.some((key) => unexamined.bankKeys.has(key))
        );
      case 'run':
        return input.provider !== null && input.bank !== null;
      default:
        return false;
    }
  };
}

/** What the bank shows of a payout that ledger and provider disagree about: the third column of the report. */
function withBankSide(found: Finding, shownAtBank: ReadonlyMap<string, bigint> | undefined): Finding {
  if (!shownAtBank || found.type === 'ambiguous' || found.type === 'fee_mismatch') return found;
  const shown = found.subjects.providerKeys.map((key) => shownAtBank.get(key)).find((minor) => minor !== undefined);
  return shown === undefined ? found : { ...found, bankMinor: shown };
}

function totalsOf(items: readonly LedgerItem[], findings: readonly Finding[]): CurrencyTotals[] {
  const totals = new Map<Currency, CurrencyTotals>();
  const of = (currency: Currency): CurrencyTotals => {
    const known = totals.get(currency) ?? { currency, volumeMinor: 0n, mismatchedMinor: 0n, differenceMinor: 0n };
    totals.set(currency, known);
    return known;
  };
  for (const item of items) if (isOut(item)) of(item.currency).volumeMinor += absMinor(item.grossMinor);
  for (const { currency, differenceMinor } of findings) {
    if (currency === null) continue;
    of(currency).mismatchedMinor += absMinor(differenceMinor);
    of(currency).differenceMinor += differenceMinor;
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function byIdentity(a: Finding, b: Finding): number {
  const [x, y] = [identityOf(a), identityOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function identityOf(found: Finding): string {
  return [found.period, found.type, found.side, ...found.anchor].join('\n');
}
