import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { addDays, type LocalDate, startOfDay } from '../core/time.ts';
import { balancedEntry, clearingOf, credit, debit, IN_FLIGHT } from '../ledger/journal.ts';
import { postEntry } from '../ledger/ledger.store.ts';
import { callBy, JOB, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, fundedParty, payoutIn, refusalOf, type Sample } from '../testing/factories.ts';
import { type FileLine, settlementFile } from '../testing/settlement-files.ts';
import { acceptBreak } from './accept-break.ts';
import { runReconciliation } from './run-reconciliation.ts';

const MONDAY = '2026-11-16' as LocalDate;
const at = (on: LocalDate, hour = 10) => new Date(startOfDay(on).getTime() + hour * 3_600_000);

interface BreakSeen {
  id: string;
  type: string;
  status: string;
  resolution: string | null;
  risk: string;
  action: string;
  detail: string;
  seen_runs: number;
  reopened: number;
  version: number;
  payout_id: string | null;
}

describe('settlement', () => {
  let database: TestDatabase;
  let party: string;
  let finance: Awaited<ReturnType<typeof person>>;
  beforeEach(async () => {
    database = await testDatabase();
    party = (await fundedParty(database, { EUR: 1_000_000_000n })).reference;
    finance = await person(database, 'finance');
    return () => database.close();
  });

  /** A payout of EUR 125.00 that was paid on a day. */
  const paid = (on: LocalDate = MONDAY, body: Record<string, unknown> = {}) =>
    payoutIn(database, 'paid', { party, at: at(on), body });
  const providerLine = ({ payout, attempt }: Sample, over: Partial<FileLine> = {}): FileLine => ({
    amount: -payout.amount.minor,
    providerRef: attempt.providerPayoutId,
    ourRef: toId('attempt', attempt.id),
    on: MONDAY,
    ...over,
  });
  const bankLine = ({ payout }: Sample, over: Partial<FileLine> = {}): FileLine => ({
    amount: -payout.amount.minor,
    ourRef: toId('payout', payout.id),
    on: MONDAY,
    ...over,
  });
  const provider = (lines: FileLine[], to: LocalDate = addDays(MONDAY, 10), from = MONDAY) =>
    settlementFile(database, { source: 'provider', from, to, lines });
  const bank = (lines: FileLine[], to: LocalDate = addDays(MONDAY, 10), from = MONDAY) =>
    settlementFile(database, { source: 'bank', from, to, lines });
  const run = (on: LocalDate, kind = 'settlement') =>
    act(database, runReconciliation, { kind, on }, { actor: JOB, now: at(addDays(on, 1), 5) });
  const breaks = async () => {
    const { rows } = await database.db.query<BreakSeen>(
      `SELECT id, type, status, resolution, risk, action, why ->> 'detail' AS detail, seen_runs, reopened, version, payout_id
       FROM recon_break ORDER BY type, detail, id`,
    );
    return rows;
  };
  const runRow = async (runId: string) => {
    const { rows } = await database.db.query<{
      status: string;
      risk: string | null;
      sources: Record<string, { state: string }>;
      counts: Record<string, unknown>;
      totals: { currencies: unknown[]; fired: unknown[] };
      error: string | null;
    }>('SELECT * FROM recon_run ORDER BY id');
    expect(runId).toMatch(/^rr_/);
    return rows.at(-1);
  };
  const LATER = addDays(MONDAY, 4);

  test('everything agrees: matches, no break, and the second run touches nothing', async () => {
    const [one, two] = [await paid(), await paid()];
    await provider([providerLine(one), providerLine(two)]);
    await bank([bankLine(one), bankLine(two)]);
    const answer = await run(MONDAY);
    expect(answer).toMatchObject({ status: 'done', risk: null, kind: 'settlement', on: MONDAY });
    expect(await breaks()).toEqual([]);
    expect(await runRow(answer.runId)).toMatchObject({
      counts: { compared: 2, matched: 2, byRule: { provider_reference: 2 } },
      totals: { currencies: [{ currency: 'EUR', volumeMinor: '25000', mismatchedMinor: '0', differenceMinor: '0' }] },
    });
    const claims = () => database.db.query('SELECT match_id, line_id, pair FROM recon_match_line ORDER BY 2, 3');
    const first = (await claims()).rows;
    expect(first).toHaveLength(6);
    const again = await run(MONDAY);
    expect((await claims()).rows).toEqual(first);
    expect(await runRow(again.runId)).toMatchObject({ counts: { compared: 2, matched: 2 } });
  });

  test('done: the run, its audit row and its breaks are one commit', async () => {
    const lost = await paid();
    await provider([]);
    const answer = await run(LATER);
    expect(answer).toMatchObject({ status: 'done', risk: 'LOW', breaks: { created: 1, carried: 0 } });
    expect(await breaks()).toMatchObject([
      {
        type: 'missing_at_provider',
        detail: 'provider_lacks_paid',
        status: 'open',
        risk: 'LOW',
        action: 'check_provider',
        payout_id: lost.payout.id,
      },
    ]);
    const audit = (await auditRows(database)).filter((row) => row.act.startsWith('reconciliation'));
    expect(audit).toMatchObject([{ act: 'reconciliation.run', outcome: 'done', subject_kind: 'run' }]);
  });

  test('a break is carried, ages into a higher class, clears when its line comes, and reopens when it returns', async () => {
    const lost = await paid();
    await provider([]);
    await run(LATER);
    await run(addDays(LATER, 1));
    expect(await breaks()).toMatchObject([{ seen_runs: 2, risk: 'MED', version: 1 }]);
    await run(addDays(LATER, 3));
    expect(await breaks()).toMatchObject([{ seen_runs: 3, risk: 'HIGH', version: 1 }]);

    await provider([providerLine(lost, { on: addDays(LATER, 4) })], addDays(LATER, 4), addDays(LATER, 4));
    const clearing = await run(addDays(LATER, 4));
    expect(clearing.breaks).toMatchObject({ cleared: 1, carried: 0 });
    expect(await breaks()).toMatchObject([{ status: 'resolved', resolution: 'cleared' }]);

    // The same money leaves once more: another break of another type; the first one stays closed.
    await provider(
      [providerLine(lost, { on: addDays(LATER, 5), ourRef: toId('payout', lost.payout.id) })],
      addDays(LATER, 5),
      addDays(LATER, 5),
    );
    await run(addDays(LATER, 5));
    expect(await breaks()).toMatchObject([
      { type: 'duplicate_at_provider', status: 'open', risk: 'HIGH', action: 'escalate' },
      { type: 'missing_at_provider', status: 'resolved' },
    ]);
    const matches = await database.db.query(`SELECT 1 FROM recon_match WHERE agreed ->> 'pair' = 'ledger_provider'`);
    expect(matches.rowCount).toBe(0);
  });

  test('a run of an earlier day knows what has settled since, and finds nothing missing again', async () => {
    const late = await paid();
    await provider([]);
    await run(LATER);
    await provider([providerLine(late, { on: addDays(LATER, 1) })], addDays(LATER, 1), addDays(LATER, 1));
    await run(addDays(LATER, 1));
    expect(await breaks()).toMatchObject([{ status: 'resolved', resolution: 'cleared' }]);
    const again = await run(LATER);
    expect(again.breaks).toMatchObject({ created: 0, reopened: 0 });
    // And the first day, on which it was still inside its window, clears nothing of the later ones.
    await run(MONDAY);
    expect(await breaks()).toMatchObject([{ status: 'resolved', seen_runs: 1, reopened: 0 }]);
  });

  test('accepted breaks stay accepted until their facts change', async () => {
    const off = await paid();
    await provider([providerLine(off, { amount: -12_400n })]);
    await run(MONDAY);
    const [found] = await breaks();
    expect(found).toMatchObject({ type: 'amount_mismatch', risk: 'LOW', action: 'manual_review' });
    const accept = { breakId: toId('break', found?.id ?? ''), version: 1, note: 'short by a euro: bank charges' };
    await act(database, acceptBreak, accept, { actor: finance });
    const still = await run(addDays(MONDAY, 1));
    expect(still.breaks).toMatchObject({ settled: 1, reopened: 0, created: 0 });
    expect(still.risk).toBeNull();
    await provider(
      [providerLine(off, { amount: -10n, on: addDays(MONDAY, 2) })],
      addDays(MONDAY, 2),
      addDays(MONDAY, 2),
    );
    const changed = await run(addDays(MONDAY, 2));
    expect(changed.breaks).toMatchObject({ reopened: 1 });
    expect(await breaks()).toMatchObject([{ status: 'open', resolution: null, reopened: 1 }]);
  });

  test('missing files are missing, never zero', async () => {
    await paid();
    const nothing = await run(LATER);
    expect(await runRow(nothing.runId)).toMatchObject({
      sources: { provider: { state: 'missing' }, bank: { state: 'missing' } },
    });
    expect(await breaks()).toEqual([]);
    // A file of the first day only says nothing about the days after it.
    await provider([], MONDAY);
    await run(LATER);
    expect(await breaks()).toEqual([]);
    // Nor does one that comes after a gap.
    await provider([], LATER, addDays(MONDAY, 3));
    await run(LATER);
    expect(await breaks()).toEqual([]);
    await provider([], addDays(MONDAY, 2), addDays(MONDAY, 1));
    await run(LATER);
    expect(await breaks()).toMatchObject([{ type: 'missing_at_provider' }]);
  });

  test('a bank statement is about its own currencies only', async () => {
    const one = await paid();
    await provider([providerLine(one)]);
    await settlementFile(database, {
      source: 'bank',
      from: MONDAY,
      to: addDays(MONDAY, 10),
      currencies: ['USD'],
      lines: [],
    });
    await run(LATER);
    expect(await breaks()).toEqual([]);
    await bank([]);
    await run(LATER);
    expect(await breaks()).toMatchObject([{ type: 'late_settlement', detail: 'bank_late', action: 'wait_until' }]);
  });

  test('a batch debit holds its payouts together, also when a later line brings one of them back', async () => {
    const amounts = ['123457', '678911', '45023'];
    const batch = await Promise.all(amounts.map((amount_minor) => paid(MONDAY, { amount_minor })));
    await provider([{ amount: -847_391n, on: MONDAY, counterparty: 'Clearing House' }]);
    await bank([{ amount: -847_391n, on: MONDAY, counterparty: 'CLEARING HOUSE' }]);
    const first = await run(MONDAY);
    expect(await runRow(first.runId)).toMatchObject({ counts: { compared: 3, matched: 3, byRule: { sum: 3 } } });
    const one = batch[0];
    if (!one) throw new Error('no payout');
    await provider([providerLine(one, { kind: 'fee', amount: -35n, on: LATER })], LATER, LATER);
    await run(LATER);
    expect(await breaks()).toMatchObject([{ type: 'fee_mismatch' }]);
  });

  test('two files that overlap report a movement once, and equal lines of one file are two', async () => {
    const one = await paid();
    const line = providerLine(one, { raw: 'txn_1' });
    await provider([line], addDays(MONDAY, 1));
    await provider([line], addDays(MONDAY, 10));
    await run(MONDAY);
    expect(await breaks()).toEqual([]);
    await provider([line, line], addDays(MONDAY, 11));
    await run(MONDAY);
    expect(await breaks()).toMatchObject([{ type: 'duplicate_at_provider' }]);
  });

  test('the ledger’s own double debit is found from its postings', async () => {
    const one = await paid();
    await provider([providerLine(one)]);
    const entry = balancedEntry('payout_paid', 'posted twice', [
      debit(IN_FLIGHT, one.payout.amount),
      credit(clearingOf('stripe'), one.payout.amount),
    ]);
    await database.db.transaction((tx) =>
      postEntry(tx, entry, { payoutId: one.payout.id, now: NOW, effectiveOn: MONDAY }),
    );
    await run(MONDAY);
    expect(await breaks()).toMatchObject([{ type: 'duplicate_in_ledger', detail: 'two_entries_one_payout' }]);
  });

  test('each kind of break is found in rows as in values', async () => {
    const [amount, status, currency, fee] = [
      await paid(),
      await payoutIn(database, 'in_transit', { party, at: at(MONDAY) }),
      await paid(),
      await paid(),
    ];
    const ended = await payoutIn(database, 'failed', { party, at: at(MONDAY) });
    await provider([
      providerLine(amount, { amount: -12_499n }),
      providerLine(status),
      providerLine(currency, { currency: 'USD' }),
      providerLine(fee, { fee: 35n }),
      providerLine(ended, { providerRef: 'po_late_success' }),
      { amount: -731_055n, providerRef: 'po_unknown', on: MONDAY },
    ]);
    await bank([{ amount: -777n, on: MONDAY, counterparty: 'Nobody' }]);
    await run(MONDAY);
    expect((await breaks()).map(({ type, detail, risk, action }) => `${type} ${detail} ${risk} ${action}`)).toEqual([
      'amount_mismatch gross_differs LOW manual_review',
      'currency_mismatch currency_differs LOW manual_review',
      'fee_mismatch fee_differs LOW manual_review',
      'missing_in_ledger debit_unknown HIGH manual_review',
      'status_mismatch debit_after_end HIGH escalate',
      'status_mismatch provider_paid MED check_provider',
      'unmatched_bank_line bank_line_unknown LOW wait_until',
    ]);
  });

  test('more than 200 new breaks of one type are one alarm', async () => {
    await provider(
      Array.from({ length: 201 }, (_, i) => ({ amount: -1_000n - BigInt(i), providerRef: `po_x${i}`, on: MONDAY })),
    );
    const answer = await run(MONDAY);
    expect(answer.breaks.created).toBe(1);
    expect(await breaks()).toMatchObject([
      { type: 'missing_in_ledger', detail: 'runaway', risk: 'HIGH', action: 'escalate' },
    ]);
    const again = await run(MONDAY);
    expect(again.breaks).toMatchObject({ created: 0, carried: 1, cleared: 0 });
  });

  test('failed: a comparison that throws leaves a red run, its audit row, and nothing else', async () => {
    const one = await paid();
    await provider([providerLine(one)]);
    await database.owner.query(`ALTER TABLE recon_match ADD CONSTRAINT broken CHECK (rule <> 'provider_reference')`);
    const answer = await run(MONDAY);
    expect(answer).toMatchObject({ status: 'failed', risk: null });
    expect(await runRow(answer.runId)).toMatchObject({ status: 'failed', error: expect.stringContaining('broken') });
    expect((await database.db.query('SELECT 1 FROM recon_match')).rowCount).toBe(0);
    expect(await auditRows(database)).toContainEqual(
      expect.objectContaining({ act: 'reconciliation.failed', outcome: 'done' }),
    );
  });

  test('raced: two runs of a kind go one after the other, and make one break', async () => {
    await paid();
    await provider([]);
    const both = await Promise.all([run(LATER), run(LATER)]);
    expect(both.map((answer) => answer.breaks.created).sort()).toEqual([0, 1]);
    expect(await breaks()).toMatchObject([{ seen_runs: 2 }]);
  });

  test('replayed, refused and forbidden', async () => {
    const call = callBy(finance);
    const { execute } = await import('../runtime/operation.ts');
    const body = { kind: 'settlement', on: MONDAY };
    const first = await execute(database.db, runReconciliation, call, body);
    const second = await execute(database.db, runReconciliation, call, body);
    expect(second).toEqual({ result: first.result, replayed: true });
    expect((await database.db.query('SELECT 1 FROM recon_run')).rowCount).toBe(1);
    const viewer = await person(database, 'viewer');
    expect(await refusalOf(act(database, runReconciliation, body, { actor: viewer }))).toBe('permission_missing');
    const tomorrow = { kind: 'settlement', on: '2026-11-21' };
    expect(await refusalOf(act(database, runReconciliation, tomorrow, { actor: finance }))).toBe('malformed');
    for (const on of ['2026-02-30', 'yesterday', '']) {
      expect(await refusalOf(act(database, runReconciliation, { ...body, on }, { actor: finance }))).toBe('malformed');
    }
    const unknown = { kind: 'usage_vs_ledger', on: MONDAY };
    expect(await refusalOf(act(database, runReconciliation, unknown, { actor: finance }))).toBe('malformed');
  });
});

describe('ledger_vs_wallet', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  const scan = (on = MONDAY) =>
    act(database, runReconciliation, { kind: 'ledger_vs_wallet', on }, { actor: JOB, now: at(addDays(on, 1)) });
  const breaks = async () => {
    const { rows } = await database.db.query(
      `SELECT type, status, resolution, risk, why ->> 'differenceMinor' AS difference, why -> 'subjects' -> 'accountIds' ->> 0 AS account
       FROM recon_break ORDER BY 1, 6`,
    );
    return rows;
  };

  test('a balance that is not the sum of its postings is found, and clears when it is mended', async () => {
    const party = await fundedParty(database, { EUR: 5_000n, KWD: 7_000n });
    await payoutIn(database, 'paid', { party: party.reference, at: at(MONDAY), body: { amount_minor: '1000' } });
    expect(await scan()).toMatchObject({ status: 'done', risk: null });
    expect(await breaks()).toEqual([]);

    const shift = (by: string) =>
      database.owner.query(
        `UPDATE account_balance b SET balance_minor = balance_minor ${by} FROM ledger_account a
         WHERE a.id = b.account_id AND a.code = $1 AND a.currency = 'KWD'`,
        [`wallet:${party.id}`],
      );
    await shift('+ 3');
    expect(await scan()).toMatchObject({ risk: 'LOW', breaks: { created: 1 } });
    expect(await breaks()).toMatchObject([
      { type: 'balance_drift', difference: '3', account: `wallet:${party.id}`, status: 'open', risk: 'LOW' },
    ]);
    expect((await scan(addDays(MONDAY, 7))).breaks).toMatchObject({ carried: 1, created: 0 });
    await shift('- 3');
    expect((await scan(addDays(MONDAY, 8))).breaks).toMatchObject({ cleared: 1 });
  });

  test('two errors that cancel out are two breaks', async () => {
    const [a, b] = [await fundedParty(database, { JPY: 900n }), await fundedParty(database, { JPY: 900n })];
    for (const [id, by] of [
      [a.id, 10],
      [b.id, -10],
    ] as const) {
      await database.owner.query(
        `UPDATE account_balance b SET balance_minor = balance_minor + $2 FROM ledger_account a
         WHERE a.id = b.account_id AND a.code = $1`,
        [`wallet:${id}`, by],
      );
    }
    const answer = await scan(addDays(MONDAY, 9));
    expect(answer.breaks.created).toBe(2);
  });
});
