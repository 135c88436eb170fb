import { z } from 'zod';
import { plain } from '../core/canonical-json.ts';
import type { Currency } from '../core/currency.ts';
import { parseId, toId } from '../core/ids.ts';
import { absMinor } from '../core/money.ts';
import { Refused } from '../core/refusal.ts';
import { type LocalDate, parseLocalDate, utcDate } from '../core/time.ts';
import type { Tx } from '../runtime/db.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import type { BreakRow } from './break.rows.ts';
import { periodOf, priorOf } from './break.rows.ts';
import {
  clearBreaks,
  insertBreaks,
  type JudgedFinding,
  previousBreaks,
  type RunOutcome,
  recordOutcomes,
  touchBreaks,
  updateBreaks,
} from './break.store.ts';
import type { Finding, ReconKind, Risk } from './break.ts';
import { type CarryForward, carryForward } from './carry-forward.ts';
import { type Comparison, compareSettlement } from './compare-settlement.ts';
import { compareWallets } from './compare-wallets.ts';
import { nextFileAt, type RetryAdvice, recommendAction } from './recommended-action.ts';
import { failRun, finishRun, latestDay, lockKind, type RunSummary, startRun, undoIfThrown } from './recon-run.store.ts';
import { retryAdvice } from './retry-advice.store.ts';
import { classifyReport, classifyRisk, RISK_POLICY_V1, riskFacts } from './risk-policy.ts';

/** The kinds that can be run today; the others come with their sources. */
export const RUNNABLE_KINDS = ['settlement', 'ledger_vs_wallet'] as const satisfies readonly ReconKind[];

/** A calendar day on a wire. */
const dayInput = z.string().transform((text, context): LocalDate => {
  const day = parseLocalDate(text);
  if (day !== null) return day;
  context.addIssue({ code: 'custom', message: 'not a calendar day (YYYY-MM-DD)' });
  return z.NEVER;
});

export interface RunAnswer {
  runId: string;
  kind: ReconKind;
  on: string;
  status: 'done' | 'failed';
  risk: Risk | null;
  /** Breaks by what the run did with them. */
  breaks: Record<RunOutcome, number>;
}

/**
 * Runs one kind for one day: compares, carries breaks forward from earlier runs, classifies them and recommends what to
 * do. All of it is one transaction. A comparison that throws leaves no trace but its own failed run, which is an answer
 * like any other: red, never green.
 */
export const runReconciliation = defineOperation({
  name: 'reconciliation.run',
  permission: 'reconciliation:run',
  act: 'reconciliation.run',
  input: z.strictObject({ kind: z.enum(RUNNABLE_KINDS), on: dayInput }),
  subject: () => null,
  async run(scope, { kind, on }) {
    const { tx, now, actor } = scope;
    if (on > utcDate(now)) throw new Refused('malformed', { field: 'on', problem: 'this day is still to come' });
    await lockKind(tx, kind);
    const runId = await startRun(tx, {
      kind,
      on,
      startedBy: actor.label,
      now,
      policyVersion: RISK_POLICY_V1.version,
    });
    const outcome = await undoIfThrown(tx, () => compareAndKeep(scope, { id: runId, kind, on }));
    const answer = { runId: toId('run', runId), kind, on };
    if ('error' in outcome) {
      const message = outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
      await failRun(tx, runId, message);
      const result: RunAnswer = { ...answer, status: 'failed', risk: null, breaks: NONE };
      return {
        result,
        audit: {
          act: 'reconciliation.failed',
          subject: { kind: 'run', id: runId },
          after: { kind, on, error: message },
        },
      };
    }
    const { summary, breaks } = outcome.done;
    await finishRun(tx, runId, summary);
    const result: RunAnswer = { ...answer, status: 'done', risk: summary.risk, breaks };
    return {
      result,
      audit: { subject: { kind: 'run', id: runId }, after: { kind, on, risk: summary.risk, breaks } },
    };
  },
});

const NONE: Record<RunOutcome, number> = { created: 0, carried: 0, reopened: 0, settled: 0, cleared: 0 };

interface Run {
  id: string;
  kind: (typeof RUNNABLE_KINDS)[number];
  on: LocalDate;
}

async function compareAndKeep(
  { tx, now }: Scope,
  run: Run,
): Promise<{ summary: RunSummary; breaks: Record<RunOutcome, number> }> {
  const comparison = await compare(tx, run);
  const rows = await previousBreaks(tx, run.kind, run.on, comparison.findings);
  const plan = carryForward({
    kind: run.kind,
    period: periodOf(run.on),
    previous: rows.map(priorOf),
    findings: comparison.findings,
    examined: comparison.examined,
  });
  const kept = await keep(tx, run.id, plan, new Map(rows.map((row) => [row.id, row])), now);
  const breaks = { ...NONE };
  for (const { outcome } of kept) breaks[outcome] += 1;
  const open = kept.filter(({ outcome }) => outcome !== 'settled' && outcome !== 'cleared');
  const openFindings = [...plan.created, ...plan.carried.map(findingIn), ...plan.reopened.map(findingIn)];
  const totals = totalsOf(openFindings, comparison, periodOf(run.on));
  const report = classifyReport(
    open.map(({ risk }) => risk),
    totals,
  );
  return {
    breaks,
    summary: {
      sources: comparison.sources,
      counts: { ...comparison.counts, breaks, unexaminedBreaks: plan.unexamined.length },
      totals: { currencies: plain(totals), fired: report.fired },
      risk: report.risk,
    },
  };
}

/** A run of an earlier day knows what the latest run knew: what had settled by then is not found missing again. */
async function compare(tx: Tx, run: Run): Promise<Comparison> {
  if (run.kind === 'ledger_vs_wallet') return compareWallets(tx);
  const latest = await latestDay(tx, run.kind);
  return compareSettlement(tx, { ...run, asOf: latest !== null && latest > run.on ? latest : run.on });
}

/** Classifies everything that is still there, and writes what became of each break. */
async function keep(
  tx: Tx,
  runId: string,
  plan: CarryForward,
  rows: ReadonlyMap<string, BreakRow>,
  now: Date,
): Promise<{ id: string; outcome: RunOutcome; risk: Risk }[]> {
  const open = [...plan.created, ...plan.carried.map(findingIn), ...plan.reopened.map(findingIn)];
  const uuids = new Set(
    open.flatMap(({ subjects }) => subjects.payoutIds.flatMap((id) => parseId('payout', id) ?? [])),
  );
  const advice = await retryAdvice(tx, [...uuids], now);
  const judge = (found: Finding, openedAt: Date) => judged(found, openedAt, advice, now);

  const created = await insertBreaks(
    tx,
    runId,
    plan.created.map((found) => judge(found, now)),
    now,
  );
  const carried = plan.carried.map(({ prior, finding }) => ({
    id: prior.id,
    ...judge(finding, rows.get(prior.id)?.opened_at ?? now),
  }));
  const reopened = plan.reopened.map(({ prior, finding }) => ({ id: prior.id, ...judge(finding, now) }));
  await updateBreaks(tx, runId, carried, { reopen: false, now });
  await updateBreaks(tx, runId, reopened, { reopen: true, now });
  await touchBreaks(
    tx,
    runId,
    plan.settled.map(({ prior }) => prior.id),
  );
  await clearBreaks(
    tx,
    runId,
    plan.cleared.map((prior) => prior.id),
    now,
  );
  const asBefore = (id: string): Risk => rows.get(id)?.risk ?? 'LOW';
  const outcomes = [
    ...created.map(({ id, risk }) => ({ id, outcome: 'created' as const, risk: risk.risk })),
    ...carried.map(({ id, risk }) => ({ id, outcome: 'carried' as const, risk: risk.risk })),
    ...reopened.map(({ id, risk }) => ({ id, outcome: 'reopened' as const, risk: risk.risk })),
    ...plan.settled.map(({ prior }) => ({ id: prior.id, outcome: 'settled' as const, risk: asBefore(prior.id) })),
    ...plan.cleared.map(({ id }) => ({ id, outcome: 'cleared' as const, risk: asBefore(id) })),
  ];
  await recordOutcomes(tx, runId, outcomes);
  return outcomes;
}

function judged(found: Finding, openedAt: Date, advice: ReadonlyMap<string, RetryAdvice>, now: Date): JudgedFinding {
  const risk = classifyRisk(riskFacts(found, now.getTime() - openedAt.getTime()));
  const [payoutId] = found.subjects.payoutIds;
  const single = payoutId !== undefined && found.subjects.payoutIds.length === 1;
  const action = recommendAction({
    found,
    risk: risk.risk,
    advice: single ? (advice.get(payoutId) ?? null) : null,
    nextFileAt: nextFileAt(openedAt),
    now,
  });
  return { found, risk, action };
}

/** Per currency: the day's volume, what of it is disputed, and the running difference of everything that is open. */
function totalsOf(open: readonly Finding[], comparison: Comparison, period: string) {
  const totals = new Map<Currency, { volumeMinor: bigint; mismatchedMinor: bigint; differenceMinor: bigint }>();
  const of = (currency: Currency) => {
    const known = totals.get(currency) ?? { volumeMinor: 0n, mismatchedMinor: 0n, differenceMinor: 0n };
    totals.set(currency, known);
    return known;
  };
  for (const { currency, volumeMinor } of comparison.volumes) of(currency).volumeMinor = volumeMinor;
  for (const found of open) {
    if (found.currency === null) continue;
    of(found.currency).differenceMinor += found.differenceMinor;
    if (found.period === period) of(found.currency).mismatchedMinor += absMinor(found.differenceMinor);
  }
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sums]) => ({ currency, ...sums }));
}

function findingIn({ finding }: { finding: Finding }): Finding {
  return finding;
}
