import type { Currency } from '../core/currency.ts';
import {
  type BreakSide,
  type BreakState,
  type BreakSubjects,
  type BreakType,
  breakFactsHash,
  breakFingerprint,
  type Finding,
  finding,
  NO_SUBJECTS,
  type Period,
  type ReconKind,
  type Resolution,
} from './break.ts';

/** More new breaks of one type than this in one run are one alarm (domain rules §3). */
export const RUNAWAY_LIMIT = 200;

/** How many findings a runaway break names. */
const RUNAWAY_SAMPLE = 20;

/** A break of earlier runs, as far as the next run has to know it. */
export interface PriorBreak {
  id: string;
  kind: ReconKind;
  type: BreakType;
  side: BreakSide;
  fingerprint: string;
  period: Period;
  currency: Currency | null;
  subjects: BreakSubjects;
  state: BreakState;
  resolution: Resolution | null;
  /** Whether a run saw it gone. When it is here again it has returned, whatever had made it go. */
  disappeared: boolean;
  /** `breakFactsHash` of what was last seen. */
  factsHash: string;
}

export interface CarryForward {
  /** Seen for the first time. */
  created: readonly Finding[];
  /** Open before, found again: it ages. */
  carried: readonly { prior: PriorBreak; finding: Finding }[];
  /** Resolved before, and here again: gone ones at once, accepted ones when their facts changed. */
  reopened: readonly { prior: PriorBreak; finding: Finding }[];
  /** Accepted, written off or overridden before, and unchanged since: stays resolved. */
  settled: readonly { prior: PriorBreak; finding: Finding }[];
  /** Open before, compared by this run, and gone. */
  cleared: readonly PriorBreak[];
  /** Open before and not compared by this run: says nothing about it. */
  unexamined: readonly PriorBreak[];
}

export interface CarryInput {
  kind: ReconKind;
  /** The period of the run; the period of a runaway break. */
  period: Period;
  previous: readonly PriorBreak[];
  findings: readonly Finding[];
  /** Whether this run compared what the break is about. Only such a break may be cleared. */
  examined: (prior: PriorBreak) => boolean;
  runawayLimit?: number;
}

/**
 * Carries breaks from run to run. Identity is (kind, fingerprint, period). Throws RangeError when two findings, or two
 * earlier breaks, share one identity: that is a bug of the comparison.
 */
export function carryForward(input: CarryInput): CarryForward {
  const previous = byIdentity(input.previous.filter((prior) => prior.kind === input.kind));
  const found = new Set<string>();
  const created: Finding[] = [];
  const plan = {
    carried: [] as { prior: PriorBreak; finding: Finding }[],
    reopened: [] as { prior: PriorBreak; finding: Finding }[],
    settled: [] as { prior: PriorBreak; finding: Finding }[],
  };
  const place = (one: Finding, whenNew: (one: Finding) => void) => {
    const identity = identityOf(one.period, breakFingerprint(one));
    if (found.has(identity)) throw new RangeError(`Two findings share one identity: ${one.type} ${one.anchor.join()}`);
    found.add(identity);
    const prior = previous.get(identity);
    if (prior) plan[fate(prior, one)].push({ prior, finding: one });
    else whenNew(one);
  };

  const fresh = new Map<BreakType, Finding[]>();
  const keep = (novel: Finding) => {
    const sameType = fresh.get(novel.type);
    if (sameType) sameType.push(novel);
    else fresh.set(novel.type, [novel]);
  };
  for (const one of input.findings) place(one, keep);
  for (const [type, novel] of fresh) {
    if (novel.length > (input.runawayLimit ?? RUNAWAY_LIMIT)) {
      place(runawayOf(input, type, novel), (one) => created.push(one));
    } else created.push(...novel);
  }

  const gone = [...previous].filter(([identity, prior]) => prior.state !== 'resolved' && !found.has(identity));
  const comparable = (prior: PriorBreak) =>
    input.examined(prior) && (prior.side !== 'run' || prior.period === input.period);
  return {
    created,
    ...plan,
    cleared: gone.map(([, prior]) => prior).filter(comparable),
    unexamined: gone.map(([, prior]) => prior).filter((prior) => !comparable(prior)),
  };
}

function fate(prior: PriorBreak, now: Finding): 'carried' | 'reopened' | 'settled' {
  if (prior.state !== 'resolved') return 'carried';
  const agreedTo =
    prior.resolution === 'accepted' || prior.resolution === 'written_off' || prior.resolution === 'overridden';
  return agreedTo && !prior.disappeared && prior.factsHash === breakFactsHash(now) ? 'settled' : 'reopened';
}

/** One break that stands for too many of one type. */
function runawayOf(input: CarryInput, type: BreakType, novel: readonly Finding[]): Finding {
  const sums = new Map<Currency, bigint>();
  for (const one of novel) {
    if (one.currency) sums.set(one.currency, (sums.get(one.currency) ?? 0n) + one.differenceMinor);
  }
  const differences = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, differenceMinor]) => ({ currency, differenceMinor }));
  const [only] = differences;
  return finding({
    kind: input.kind,
    type,
    side: 'run',
    detail: 'runaway',
    anchor: ['runaway'],
    period: input.period,
    currency: only && differences.length === 1 ? only.currency : null,
    differenceMinor: only && differences.length === 1 ? only.differenceMinor : 0n,
    subjects: NO_SUBJECTS,
    unknownDebit: novel.some((one) => one.unknownDebit),
    ledgerUnbalanced: novel.some((one) => one.ledgerUnbalanced),
    negativeWallet: novel.some((one) => one.negativeWallet),
    runaway: { count: novel.length, differences, sample: novel.map(breakFingerprint).sort().slice(0, RUNAWAY_SAMPLE) },
  });
}

function byIdentity(previous: readonly PriorBreak[]): Map<string, PriorBreak> {
  const map = new Map<string, PriorBreak>();
  for (const prior of previous) {
    const identity = identityOf(prior.period, prior.fingerprint);
    if (map.has(identity)) throw new RangeError(`Two earlier breaks share one identity: ${prior.id}`);
    map.set(identity, prior);
  }
  return map;
}

function identityOf(period: Period, fingerprint: string): string {
  return `${period}\n${fingerprint}`;
}
