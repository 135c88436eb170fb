import type { Currency } from '../core/currency.ts';
import { parseId } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import type { Tx } from '../runtime/db.ts';
import { openBreakSubjects } from './break.store.ts';
import type { Finding } from './break.ts';
import type { PriorBreak } from './carry-forward.ts';
import { type DatedMatch, saveMatches } from './match.store.ts';
import { matchSettlement, settlementScope } from './matching.ts';
import { settlementDay } from './settlement-day.store.ts';
import { type LedgerItem, type SettlementInput, type SettlementResult, settlementOptions } from './settlement-input.ts';
import { ledgerItems, payoutIdsNamedBy, unmatchedPayoutIds } from './settlement-items.store.ts';
import {
  bankLine,
  coverageOf,
  type LoadedLine,
  lineIdsOf,
  linesById,
  openLines,
  providerLine,
} from './settlement-lines.store.ts';
import type { Coverage } from './settlement-window.ts';

/** What a comparison found, for the run to carry forward and keep. */
export interface Comparison {
  findings: readonly Finding[];
  examined: (prior: PriorBreak) => boolean;
  sources: Record<string, unknown>;
  counts: Record<string, unknown>;
  /** Sum of the day's volume per currency, minor units; empty for kinds without a volume. */
  volumes: readonly { currency: Currency; volumeMinor: bigint }[];
}

/** A story is complete when following its references brings nothing new; chains longer than this do not occur. */
const MAX_ROUNDS = 5;

/**
 * Ledger ↔ provider ↔ bank for payouts and lines up to `on`, judged as of `asOf`: touches what is new, what is open, and
 * what belongs to the same story. Writes the clean matches; the findings are the run's to keep.
 */
export async function compareSettlement(
  tx: Tx,
  run: { id: string; on: LocalDate; asOf: LocalDate },
): Promise<Comparison> {
  const coverage = { provider: await coverageOf(tx, 'provider'), bank: await coverageOf(tx, 'bank') };
  const { payoutIds, lines } = await gatherStories(tx, run.on, Object.keys(coverage.bank));
  const ledger = await ledgerItems(tx, payoutIds);
  const input = inputOf(ledger, lines, coverage, run.asOf);
  const result = matchSettlement(input);
  await saveMatches(
    tx,
    run.id,
    lines.map((line) => line.id),
    datedMatches(input, result),
  );
  const day = await settlementDay(tx, run.on);
  return {
    findings: result.findings,
    examined: settlementScope(input, result),
    sources: {
      ledger: { state: 'present' },
      provider: { state: result.sources.provider, covered: coverage.provider.EUR ?? [] },
      bank: { state: result.sources.bank, covered: coverage.bank },
    },
    counts: {
      compared: day.compared,
      matched: day.matched,
      byRule: day.byRule,
      expected: result.expected.ledgerKeys.length,
      unexamined: {
        ledger: result.unexamined.ledgerKeys.length,
        provider: result.unexamined.providerKeys.length,
        bank: result.unexamined.bankKeys.length,
      },
      sumSearchExhausted: result.sumSearchExhausted,
    },
    volumes: day.volumes,
  };
}

/** Open lines and payouts, and everything that belongs to them: lines claimed before, payouts that lines name. */
async function gatherStories(
  tx: Tx,
  on: LocalDate,
  bankCurrencies: readonly string[],
): Promise<{ payoutIds: string[]; lines: LoadedLine[] }> {
  const open = await openBreakSubjects(tx, 'settlement', on);
  const payouts = new Set([
    ...(await unmatchedPayoutIds(tx, on)),
    ...open.payoutIds.flatMap((id) => parseId('payout', id) ?? []),
  ]);
  const lines = new Map<bigint, LoadedLine>();
  const keep = (loaded: readonly LoadedLine[]) => {
    const fresh = loaded.filter((line) => !lines.has(line.id));
    for (const line of fresh) lines.set(line.id, line);
    return fresh;
  };
  let newLines = [...keep(await openLines(tx, on, bankCurrencies)), ...keep(await linesById(tx, open.lineIds))];
  let newPayouts = [...payouts];
  for (let round = 0; round < MAX_ROUNDS && (newLines.length > 0 || newPayouts.length > 0); round += 1) {
    const named = (await payoutIdsNamedBy(tx, newLines)).filter((id) => !payouts.has(id));
    for (const id of named) payouts.add(id);
    const refs = newLines.flatMap((line) => (line.source === 'provider' ? (line.provider_ref ?? []) : []));
    const followed = {
      payoutIds: [...newPayouts, ...named],
      providerRefs: refs,
      lineIds: newLines.map((line) => line.id),
    };
    newLines = keep(await linesById(tx, await lineIdsOf(tx, followed)));
    newPayouts = [];
  }
  return { payoutIds: [...payouts], lines: [...lines.values()] };
}

function inputOf(
  ledger: readonly LedgerItem[],
  lines: readonly LoadedLine[],
  coverage: { provider: Coverage; bank: Coverage },
  asOf: LocalDate,
): SettlementInput {
  const known = new Set(
    ledger.flatMap((item) => [item.key, ...item.ourRefs, ...item.attempts.map((attempt) => attempt.attemptId)]),
  );
  const ofProvider = lines.filter((line) => line.source === 'provider');
  const providerRefs = new Set([
    ...ofProvider.flatMap((line) => line.provider_ref ?? []),
    ...ledger.flatMap((item) => item.attempts.flatMap((attempt) => attempt.providerRef ?? [])),
  ]);
  const provider = ofProvider.map((line) => providerLine(line, known, asOf));
  const bank = lines.filter((line) => line.source === 'bank').map((line) => bankLine(line, known, providerRefs));
  // A source is missing when no file of it covers any day, however many lines happen to be open.
  const isThere = (of: Coverage) => Object.keys(of).length > 0;
  return {
    ledger,
    provider: isThere(coverage.provider) ? { lines: provider, coverage: coverage.provider } : null,
    bank: isThere(coverage.bank) ? { lines: bank, coverage: coverage.bank } : null,
    options: settlementOptions(asOf),
  };
}

/** Clean matches with the day of their payout, else of their first line. Disputed lines stay unclaimed until they agree. */
function datedMatches(input: SettlementInput, result: SettlementResult): DatedMatch[] {
  const items = new Map(input.ledger.map((item) => [item.key, item]));
  const days = new Map([
    ...(input.provider?.lines ?? []).map((line) => [line.key, line.bookedOn] as const),
    ...(input.bank?.lines ?? []).map((line) => [line.key, line.bookedOn] as const),
  ]);
  const disputed = new Set(
    result.findings.flatMap(({ side, subjects }) => (side === 'provider_bank' ? [] : subjects.ledgerKeys)),
  );
  return result.matches.flatMap((match) => {
    if (match.differs.length > 0) return [];
    if (match.side === 'ledger_provider' && match.ledgerKeys.some((key) => disputed.has(key))) return [];
    const own = match.ledgerKeys.flatMap((key) => items.get(key) ?? []);
    const on = own[0]?.occurredOn ?? days.get(match.providerKeys[0] ?? '') ?? days.get(match.bankKeys[0] ?? '');
    if (on === undefined) return [];
    return [{ ...match, on, payoutIds: [...new Set(own.flatMap((item) => item.payoutId ?? []))] }];
  });
}
