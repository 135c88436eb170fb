import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseId, toId } from '../core/ids.ts';
import { addDays, type LocalDate, startOfDay } from '../core/time.ts';
import { JOB, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, footprint, fundedParty, payoutIn, refusalOf } from '../testing/factories.ts';
import { settlementFile } from '../testing/settlement-files.ts';
import { acceptBreak } from './accept-break.ts';
import { assignBreak } from './assign-break.ts';
import { breakDetail } from './break-detail.queries.ts';
import { escalateBreak } from './escalate-break.ts';
import { countOpenBreaks, listBreaks, listRuns, readReport } from './reconciliation.queries.ts';
import { reconciliationTasks } from './reconciliation.tasks.ts';
import { runReconciliation } from './run-reconciliation.ts';

// Monday's payouts, reconciled on Thursday: one short by a euro, one that never reached the provider, and a large debit
// that nobody asked for.
const MONDAY = '2026-11-16' as LocalDate;
const THURSDAY = '2026-11-19' as LocalDate;
const at = (on: LocalDate, hour: number) => new Date(startOfDay(on).getTime() + hour * 3_600_000);

describe('reconciliation as people use it', () => {
  let database: TestDatabase;
  let runId: string;
  let finance: Awaited<ReturnType<typeof person>>;
  let ops: Awaited<ReturnType<typeof person>>;
  let viewer: Awaited<ReturnType<typeof person>>;
  const payouts: Record<'short' | 'lost', string> = { short: '', lost: '' };

  beforeAll(async () => {
    database = await testDatabase();
    [finance, ops, viewer] = [
      await person(database, 'finance'),
      await person(database, 'ops'),
      await person(database, 'viewer'),
    ];
    const { reference: party } = await fundedParty(database);
    const short = await payoutIn(database, 'paid', { party, at: at(MONDAY, 9) });
    const lost = await payoutIn(database, 'queued', { party, at: at(MONDAY, 10) });
    payouts.short = toId('payout', short.payout.id);
    payouts.lost = toId('payout', lost.payout.id);
    const period = { from: MONDAY, to: addDays(MONDAY, 10) };
    await settlementFile(database, {
      ...period,
      source: 'provider',
      lines: [
        {
          amount: -12_400n,
          providerRef: short.attempt.providerPayoutId,
          ourRef: toId('attempt', short.attempt.id),
          on: MONDAY,
        },
        { amount: -5_000_000n, providerRef: 'po_stranger', on: MONDAY, counterparty: 'Nobody GmbH' },
      ],
    });
    await settlementFile(database, {
      ...period,
      source: 'bank',
      lines: [
        { amount: -12_400n, ourRef: payouts.short, on: MONDAY },
        { amount: -5_000_000n, on: addDays(MONDAY, 1), counterparty: 'NOBODY GMBH' },
      ],
    });
    const answer = await act(
      database,
      runReconciliation,
      { kind: 'settlement', on: THURSDAY },
      { actor: JOB, now: at(addDays(THURSDAY, 1), 5) },
    );
    runId = parseId('run', answer.runId) ?? '';
  });
  afterAll(() => database.close());

  const list = (
    filter: Parameters<typeof listBreaks>[2]['filter'] = 'open',
    actor = finance,
    limit = 100,
    cursor?: string,
  ) => listBreaks(database.db, actor, { runId, filter, limit, cursor }, NOW);
  const find = async (type: string) => {
    const row = (await list('all')).rows.find((one) => one.type === type);
    if (!row) throw new Error(`no break ${type}`);
    return row;
  };

  test('the report: worst first, with sides, class, action and permissions', async () => {
    const { rows } = await list();
    expect(rows.map(({ type, risk, action }) => [type, risk, action.action])).toEqual([
      ['missing_in_ledger', 'HIGH', 'manual_review'],
      ['amount_mismatch', 'LOW', 'manual_review'],
      ['missing_at_provider', 'LOW', 'retry'],
    ]);
    const [stranger, short, lost] = rows;
    expect(stranger).toMatchObject({
      rule: 'unknown_debit',
      ours: { state: 'nothing', amountMinor: null },
      provider: { state: 'present', amountMinor: '-5000000', lines: 1 },
      bank: { state: 'present', amountMinor: '-5000000' },
      differenceMinor: '-5000000',
      periodOn: MONDAY,
      outcome: 'created',
      can: { assign: null, accept: { code: 'risk_needs_override' }, escalate: null },
    });
    expect(short).toMatchObject({
      ours: { amountMinor: '-12500' },
      provider: { amountMinor: '-12400' },
      bank: { state: 'present', amountMinor: '-12400' },
      payoutId: payouts.short,
      atStakeMinor: '100',
    });
    expect(lost).toMatchObject({
      provider: { state: 'nothing' },
      payoutId: payouts.lost,
      detail: 'provider_lacks_unsent',
    });
    expect(JSON.stringify(rows)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test('chips count what is open now, and pages do not overlap', async () => {
    const report = await readReport(database.db, viewer, runId, NOW);
    expect(report).toMatchObject({
      run: {
        status: 'done',
        risk: 'HIGH',
        on: THURSDAY,
        sources: { provider: { state: 'present' }, bank: { state: 'present' } },
      },
      counts: { open: 3, HIGH: 1, MED: 0, LOW: 2, cleared: 0, all: 3 },
      latestRunId: null,
      can: { run: { code: 'permission_missing' } },
    });
    const first = await list('open', finance, 2);
    const second = await list('open', finance, 2, first.nextCursor ?? '');
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(3);
    expect(second.nextCursor).toBeNull();
    expect((await list('HIGH')).rows).toHaveLength(1);
    expect((await list('open', finance, 2, 'not a cursor')).rows).toHaveLength(2);
    expect(await countOpenBreaks(database.db)).toEqual({ open: 3, HIGH: 1, MED: 0, LOW: 2 });
  });

  test('one break: every rule that fired, its lines with their files, the payout with its own buttons', async () => {
    const row = await find('amount_mismatch');
    const detail = await breakDetail(database.db, ops, parseId('break', row.id) ?? '', NOW);
    expect(detail).toMatchObject({
      fired: [{ rule: 'otherwise', risk: 'LOW' }],
      policyVersion: 1,
      payouts: [{ id: payouts.short, status: 'paid', amountMinor: '12500' }],
      provider: [{ lineNo: 1, amountMinor: '-12400', filename: expect.stringContaining('provider') }],
      bank: [],
      payout: { id: payouts.short, can: { retry: { code: 'already_paid' } } },
      history: [{ outcome: 'created', risk: 'LOW', on: THURSDAY }],
      row: { can: { accept: { code: 'permission_missing' }, assign: null } },
    });
    expect(await breakDetail(database.db, ops, parseId('run', toId('run', runId)) ?? '', NOW)).toBeNull();
  });

  test('the recommendation follows the payout, not the day of the run', async () => {
    expect((await find('missing_at_provider')).action).toMatchObject({
      action: 'retry',
      why: { code: 'never_left_retry_safe' },
      preconditions: expect.arrayContaining(['no_attempt_open']),
    });
    await database.owner.query(`UPDATE control_switch SET "on" = false WHERE name = 'payouts'`);
    expect((await find('missing_at_provider')).action).toMatchObject({
      action: 'manual_review',
      why: { code: 'retry_blocked', params: { code: 'payouts_paused' } },
    });
    await database.owner.query(`UPDATE control_switch SET "on" = true WHERE name = 'payouts'`);
  });

  test('assign: taken, given back, on the record; a viewer may not', async () => {
    const { id } = await find('missing_in_ledger');
    await act(database, assignBreak, { breakId: id, to: 'me' }, { actor: ops });
    expect(await find('missing_in_ledger')).toMatchObject({ status: 'assigned', assignee: { name: ops.label } });
    await act(database, assignBreak, { breakId: id, to: 'nobody' }, { actor: finance });
    expect(await find('missing_in_ledger')).toMatchObject({ status: 'open', assignee: null });
    expect(await refusalOf(act(database, assignBreak, { breakId: id, to: 'me' }, { actor: viewer }))).toBe(
      'permission_missing',
    );
    const audit = await auditRows(database, parseId('break', id) ?? '');
    expect(audit.map(({ act: what, outcome }) => `${what} ${outcome}`)).toEqual([
      'break.assigned done',
      'break.assigned done',
      'break.assigned refused',
    ]);
  });

  test('escalate: once, with words, of the version that was read', async () => {
    const { id, version } = await find('missing_in_ledger');
    const input = { breakId: id, version, note: 'Nobody knows this debit; bank called.' };
    expect(await refusalOf(act(database, escalateBreak, { ...input, version: version + 1 }, { actor: ops }))).toBe(
      'version_conflict',
    );
    expect(await refusalOf(act(database, escalateBreak, { ...input, note: ' ' }, { actor: ops }))).toBe(
      'note_required',
    );
    await act(database, escalateBreak, input, { actor: ops });
    const row = await find('missing_in_ledger');
    expect(row).toMatchObject({
      escalatedAt: NOW.toISOString(),
      note: input.note,
      can: { escalate: { code: 'status_forbids' } },
    });
    const again = { ...input, version: row.version };
    expect(await refusalOf(act(database, escalateBreak, again, { actor: ops }))).toBe('status_forbids');
  });

  test('accept: refused for HIGH and without words, changes nothing; done for LOW; then it is closed', async () => {
    const high = await find('missing_in_ledger');
    const before = await footprint(database);
    const tries = [
      [{ breakId: high.id, version: high.version, note: 'fine' }, 'risk_needs_override'],
      [{ breakId: high.id, version: 99, note: 'fine' }, 'version_conflict'],
      [{ breakId: toId('break', runId), version: 1, note: 'fine' }, 'not_found'],
      [{ breakId: 'br_nonsense', version: 1, note: 'fine' }, 'malformed'],
    ] as const;
    for (const [input, code] of tries) {
      expect(await refusalOf(act(database, acceptBreak, input, { actor: finance }))).toBe(code);
    }
    const low = await find('amount_mismatch');
    const input = { breakId: low.id, version: low.version, note: 'Bank charges, agreed with the merchant.' };
    expect(await refusalOf(act(database, acceptBreak, { ...input, note: '' }, { actor: finance }))).toBe(
      'note_required',
    );
    expect(await refusalOf(act(database, acceptBreak, input, { actor: ops }))).toBe('permission_missing');
    expect(await footprint(database)).toEqual(before);
    const raced = await Promise.all([
      refusalOf(act(database, acceptBreak, input, { actor: finance })),
      refusalOf(act(database, acceptBreak, input, { actor: finance })),
    ]);
    expect(raced.sort()).toEqual(['version_conflict', null].sort());
    expect(await find('amount_mismatch')).toMatchObject({
      status: 'resolved',
      resolution: 'accepted',
      note: input.note,
      resolvedBy: finance.label,
      can: { accept: { code: 'break_resolved' }, assign: { code: 'break_resolved' } },
    });
    expect((await list('accepted')).rows).toHaveLength(1);
    expect((await list('open')).rows).toHaveLength(2);
  });

  test('a break is never deleted, and the word of a run on it never changed', async () => {
    await expect(database.owner.query('DELETE FROM recon_break')).rejects.toThrow(/append-only/);
    await expect(database.owner.query(`UPDATE recon_run_break SET outcome = 'cleared'`)).rejects.toThrow(/append-only/);
    await expect(database.db.query('DELETE FROM recon_run_break')).rejects.toThrow(/permission denied/);
    await expect(
      database.owner.query(`UPDATE recon_break SET status = 'resolved' WHERE resolution IS NULL`),
    ).rejects.toThrow(/recon_break_resolution/);
  });

  test('the list of days: the latest run of each, with what of it is still open', async () => {
    const rerun = await act(
      database,
      runReconciliation,
      { kind: 'settlement', on: THURSDAY },
      { actor: finance, now: at(addDays(THURSDAY, 1), 6) },
    );
    await act(
      database,
      runReconciliation,
      { kind: 'ledger_vs_wallet', on: MONDAY },
      { actor: JOB, now: at(THURSDAY, 6) },
    );
    const { rows, can } = await listRuns(database.db, ops, { limit: 10 });
    expect(can.run).toBeNull();
    expect(rows).toMatchObject([
      {
        id: rerun.runId,
        kind: 'settlement',
        on: THURSDAY,
        runs: 2,
        open: { HIGH: 1, LOW: 1 },
        breaks: { carried: 2, settled: 1 },
      },
      { kind: 'ledger_vs_wallet', on: MONDAY, runs: 1, risk: null, compared: 3, matched: 3 },
    ]);
    const page = await listRuns(database.db, ops, { limit: 1 });
    const next = await listRuns(database.db, ops, { limit: 1, cursor: page.nextCursor ?? '' });
    expect([page, next].map((one) => one.rows[0]?.kind)).toEqual(['settlement', 'ledger_vs_wallet']);
    expect(await readReport(database.db, ops, runId, NOW)).toMatchObject({ latestRunId: rerun.runId });
  });

  test('the daily task settles the day before, and scans balances on Mondays', async () => {
    const tasks = (now: Date) => reconciliationTasks({ db: database.db, clock: () => now });
    const friday = await tasks(at(addDays(THURSDAY, 1), 7)).daily_reconciliation_report({});
    expect(friday.runs.map(({ kind, on }) => `${kind} ${on}`)).toEqual([`settlement ${THURSDAY}`]);
    const monday = await tasks(at(addDays(MONDAY, 7), 7)).daily_reconciliation_report({});
    expect(monday.runs.map(({ kind }) => kind)).toEqual(['settlement', 'ledger_vs_wallet']);
    await database.owner.query(`ALTER TABLE recon_run_break ADD CONSTRAINT broken CHECK (false) NOT VALID`);
    await expect(tasks(at(addDays(MONDAY, 8), 7)).daily_reconciliation_report({ on: THURSDAY })).rejects.toThrow(
      /failed: settlement rr_/,
    );
    const red = await database.db.query(`SELECT 1 FROM recon_run WHERE status = 'failed'`);
    expect(red.rowCount).toBe(1);
  });
});
