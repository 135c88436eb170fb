import type { Currency } from '../core/currency.ts';
import type { LocalDate } from '../core/time.ts';
import type { Finding } from '../reconciliation/break.ts';
import { matchSettlement } from '../reconciliation/matching.ts';
import {
  type BankLine,
  type LedgerItem,
  type ProviderLine,
  type SettlementInput,
  type SettlementOptions,
  type SettlementResult,
  settlementOptions,
} from '../reconciliation/settlement-input.ts';
import type { Coverage } from '../reconciliation/settlement-window.ts';

// Lines for tests of the matching engine: a payout of EUR 100.00 on a Monday, paid and seen everywhere.

export const DAY = '2026-11-16' as LocalDate;
/** The last day on which nothing is late, and the first on which it is. */
export const LAST_DAY = '2026-11-18' as LocalDate;
export const LATE_DAY = '2026-11-19' as LocalDate;

/** A source that covers everything from the first of the month through `through`. */
export function coverage(through: string, ...currencies: Currency[]): Coverage {
  const range = { from: '2026-11-01' as LocalDate, through: through as LocalDate };
  return Object.fromEntries(currencies.map((currency) => [currency, [range]]));
}

const FULL = coverage('2026-12-31', 'EUR', 'USD', 'TRY', 'JPY', 'KWD');

export function item(id: string, over: Partial<LedgerItem> = {}): LedgerItem {
  return {
    key: `L-${id}`,
    kind: 'payout',
    payoutId: `payout-${id}`,
    attempts: [{ attemptId: `attempt-${id}`, providerRef: `po_${id}` }],
    ourRefs: [],
    currency: 'EUR',
    grossMinor: -10_000n,
    feeMinor: 0n,
    status: 'paid',
    occurredOn: DAY,
    settleBy: LAST_DAY,
    counterparty: 'Ege Lojistik A.Ş.',
    ...over,
  };
}

export function line(id: string, over: Partial<ProviderLine> = {}): ProviderLine {
  const gross = over.grossMinor ?? -10_000n;
  const fee = over.feeMinor === undefined ? 0n : over.feeMinor;
  return {
    key: `P-${id}`,
    kind: 'payout',
    currency: 'EUR',
    grossMinor: gross,
    feeMinor: fee,
    netMinor: gross - (fee ?? 0n),
    providerRef: `po_${id}`,
    ourRefs: [`attempt-${id}`],
    batchRef: null,
    status: 'paid',
    bookedOn: DAY,
    bankBy: LAST_DAY,
    counterparty: null,
    ...over,
  };
}

export function bankLine(id: string, over: Partial<BankLine> = {}): BankLine {
  return {
    key: `B-${id}`,
    currency: 'EUR',
    amountMinor: -10_000n,
    providerRef: null,
    ourRefs: [`attempt-${id}`],
    bookedOn: DAY,
    counterparty: 'EGE LOJISTIK AS',
    ...over,
  };
}

/** A line without any reference. */
export const BARE = { providerRef: null, ourRefs: [] };

export interface Sources {
  ledger?: readonly LedgerItem[];
  provider?: readonly ProviderLine[] | null;
  bank?: readonly BankLine[] | null;
  asOf?: LocalDate;
  options?: Partial<SettlementOptions>;
  providerCovers?: Coverage;
  bankCovers?: Coverage;
}

export function input(sources: Sources): SettlementInput {
  const { ledger = [], provider = null, bank = null, asOf = LATE_DAY, options = {} } = sources;
  return {
    ledger,
    provider: provider && {
      lines: provider,
      coverage: sources.providerCovers ?? FULL,
    },
    bank: bank && { lines: bank, coverage: sources.bankCovers ?? FULL },
    options: settlementOptions(asOf, options),
  };
}

export function match(sources: Sources): SettlementResult {
  return matchSettlement(input(sources));
}

/** The findings in one word each. */
export function kinds(result: SettlementResult): string[] {
  return result.findings.map((found) => `${found.type}/${found.detail}`);
}

export function only(result: SettlementResult): Finding {
  const [first, ...rest] = result.findings;
  if (!first || rest.length > 0) throw new Error(`expected one finding, got ${kinds(result).join(', ') || 'none'}`);
  return first;
}
