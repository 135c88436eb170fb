import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import type { Actor } from '../../apps/api/src/core/actor.ts';
import { toId } from '../../apps/api/src/core/ids.ts';
import { addDays, HOUR_MS, type LocalDate, MINUTE_MS, startOfDay, utcDate } from '../../apps/api/src/core/time.ts';
import { acceptBreak } from '../../apps/api/src/reconciliation/accept-break.ts';
import { assignBreak } from '../../apps/api/src/reconciliation/assign-break.ts';
import type { BreakType } from '../../apps/api/src/reconciliation/break.ts';
import { escalateBreak } from '../../apps/api/src/reconciliation/escalate-break.ts';
import { runReconciliation } from '../../apps/api/src/reconciliation/run-reconciliation.ts';
import { importSettlementFile } from '../../apps/api/src/settlement/import-settlement-file.ts';
import { checkFile, withReceivedFile } from '../../apps/api/src/settlement/received-file.ts';
import type { BadDay } from './bad-day.ts';
import type { DiaryDesk, Step } from './diary.ts';
import { type DemoPerson, PEOPLE } from './people.ts';
import { historyThrough, morningAfter, settlementDays } from './settlement-days.ts';
import { bankCharges, type DemoFile, settlementFiles } from './settlement-files.ts';
import { recount } from './transaction-db.ts';

const IMPORTER: Actor = { kind: 'cli', id: 'nightly-import', label: 'cli (nightly-import)' };
const REPORTER: Actor = { kind: 'job', id: 'daily_reconciliation_report', label: 'daily_reconciliation_report' };

/**
 * The last days at the reconciliation desk: files come in each morning and the day is reconciled, as of then. The first time
 * there was no bank statement yet. What is found is taken on, raised, accepted, or gone by the next morning.
 */
export function reconciliationSteps(day: BadDay): Step[] {
  return [...importSteps(day), ...runSteps(day.now), ...breakSteps(day.now)];
}

/** The bank's history came by hand, on the first morning after the first reconciliation. */
function importSteps(day: BadDay): Step[] {
  const { now } = day;
  const history = historyThrough(now);
  return settlementFiles(day).map((file): Step => {
    const byHand = file.source === 'bank' && file.through === history;
    const at = byHand
      ? later(startOfDay(addDays(history, 1)), 10 * HOUR_MS + 12 * MINUTE_MS)
      : morningAfter(file.through, file.source, now);
    return { at, run: (desk) => importFile(desk, file, byHand ? PEOPLE.finance : IMPORTER, at) };
  });
}

async function importFile(
  desk: DiaryDesk,
  { filename, content }: DemoFile,
  who: DemoPerson | Actor,
  at: Date,
): Promise<void> {
  await withReceivedFile(Readable.from([Buffer.from(content)]), filename, tmpdir(), async (received) => {
    const file = await checkFile(received);
    await desk.act(who, at, importSettlementFile(file), { sha256: file.sha256, filename: file.filename });
  });
}

/** Each day's settlement on the morning after; every balance on a Monday morning, as the daily job does it. */
function runSteps(now: Date): Step[] {
  const days = [historyThrough(now), ...settlementDays(now)];
  const isMonday = (on: LocalDate) => startOfDay(addDays(on, 1)).getUTCDay() === 1;
  const scanned = days.findLast(isMonday);
  return days.flatMap((on): Step[] => {
    const at = morningAfter(on, 'run', now);
    const run = (kind: 'settlement' | 'ledger_vs_wallet'): Step => ({
      at,
      async run(desk) {
        await recount(desk.tx, ['settlement_file', 'settlement_line', 'recon_match', 'recon_match_line']);
        const { status } = await desk.act(REPORTER, at, runReconciliation, { kind, on });
        if (status !== 'done') throw new Error(`The ${kind} of ${on} failed.`);
      },
    });
    return on === scanned ? [run('settlement'), run('ledger_vs_wallet')] : [run('settlement')];
  });
}

/** What people did about breaks. */
function breakSteps(now: Date): Step[] {
  const yesterday = addDays(utcDate(now), -1);
  const { older } = bankCharges(now);
  const lastRun = morningAfter(yesterday, 'run', now);
  return [
    {
      at: later(startOfDay(addDays(older.on, 1)), 9 * HOUR_MS + 12 * MINUTE_MS),
      async run(desk, at) {
        const found = await findBreak(desk, 'unmatched_bank_line', 'TRY');
        const note = 'Monthly account fee of the bank, as in its price list; booked to bank charges.';
        await desk.act(PEOPLE.finance, at, acceptBreak, { ...found, note });
      },
    },
    {
      at: later(startOfDay(addDays(yesterday, -1)), 9 * HOUR_MS + 40 * MINUTE_MS),
      async run(desk, at) {
        const found = await findBreak(desk, 'missing_in_ledger', 'USD');
        const note = 'Nobody here asked for this payout. Asked the provider who ordered it in their console.';
        await desk.act(PEOPLE.finance, at, escalateBreak, { ...found, note });
      },
    },
    {
      at: new Date(Math.min(lastRun.getTime() + 37 * MINUTE_MS, now.getTime() - MINUTE_MS)),
      async run(desk, at) {
        const { breakId } = await findBreak(desk, 'amount_mismatch', 'TRY');
        await desk.act(PEOPLE.ops, at, assignBreak, { breakId, to: 'me' });
      },
    },
  ];
}

/** The only open break of that type and currency. Throws when there is another number of them. */
async function findBreak(
  { read }: DiaryDesk,
  type: BreakType,
  currency: string,
): Promise<{ breakId: string; version: number }> {
  const { rows } = await read.query<{ id: string; version: number }>(
    `SELECT id, version FROM recon_break WHERE type = $1 AND currency = $2 AND status <> 'resolved'`,
    [type, currency],
  );
  const [found] = rows;
  if (!found || rows.length > 1)
    throw new Error(`There are ${rows.length} open breaks of type ${type} in ${currency}.`);
  return { breakId: toId('break', found.id), version: found.version };
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
