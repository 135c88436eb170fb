import type { ReconKind, Risk } from '@countersign/api/src/reconciliation/break.ts';
import type { ReportFilter } from '@countersign/api/src/reconciliation/reconciliation.queries.ts';
import type { RUNNABLE_KINDS } from '@countersign/api/src/reconciliation/run-reconciliation.ts';
import type { Run } from './reconciliation-wire.ts';

export type RunnableKind = (typeof RUNNABLE_KINDS)[number];

const RUNNABLE: Record<RunnableKind, true> = { settlement: true, ledger_vs_wallet: true };

/** The kinds that a person can run, in the order they are offered. */
export const RUNNABLE_LIST = Object.keys(RUNNABLE) as RunnableKind[];

/** Whether runs of the kind can be started today. */
export function isRunnable(kind: string | undefined): kind is RunnableKind {
  return kind !== undefined && Object.hasOwn(RUNNABLE, kind);
}

const FILTERS: Record<ReportFilter, true> = {
  open: true,
  HIGH: true,
  MED: true,
  LOW: true,
  old: true,
  cleared: true,
  accepted: true,
  all: true,
};

/** The filter that an address names; anything else is what is open. */
export function readFilter(text: string | undefined): ReportFilter {
  return text !== undefined && Object.hasOwn(FILTERS, text) ? (text as ReportFilter) : 'open';
}

/**
 * The class of a day as its breaks stand now, which may be better than the run said it was: the worst that is open, or
 * what a rule about the day as a whole gives. Null when nothing is open.
 */
export function classNow(open: Readonly<Record<Risk, number>>, fired: Run['fired']): Risk | null {
  if (open.HIGH + open.MED + open.LOW === 0) return null;
  const has = (risk: Risk): boolean => open[risk] > 0 || fired.some((rule) => rule.risk === risk);
  return has('HIGH') ? 'HIGH' : has('MED') ? 'MED' : 'LOW';
}

/** The sources that a run looked for and did not have. */
export function missingSources(sources: Run['sources']): (keyof Run['sources'])[] {
  return sourceNames(sources).filter((name) => sources[name]?.state === 'missing');
}

/** The sources of a run, in the order they are read: ours first. */
export function sourceNames(sources: Run['sources']): (keyof Run['sources'])[] {
  return (['ledger', 'stored', 'provider', 'bank'] as const).filter((name) => sources[name] !== undefined);
}

/** Differences per currency, without those that are zero. Currencies are never added up. */
export function openDifferences(totals: Run['totals']): { currency: string; amountMinor: string }[] {
  return totals
    .filter(({ differenceMinor }) => differenceMinor !== '0')
    .map(({ currency, differenceMinor }) => ({ currency, amountMinor: differenceMinor }));
}

/** Whether a kind compares our own books with themselves: its breaks have no provider and no bank. */
export function isBalanceKind(kind: ReconKind): boolean {
  return kind !== 'settlement';
}
