import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashApiKey } from '../../apps/api/src/identity/api-key.ts';
import { passwordHash } from '../../apps/api/src/identity/password.ts';
import { overridesToClose } from '../../apps/api/src/overrides/overrides.queries.ts';
import type { Attempt } from '../../apps/api/src/payouts/attempt.ts';
import {
  type AttemptRow,
  attemptFromRow,
  type PayoutRow,
  payoutFromRow,
} from '../../apps/api/src/payouts/payout.rows.ts';
import type { Payout } from '../../apps/api/src/payouts/payout.ts';
import { replayWindowMs } from '../../apps/api/src/payouts/provider-rules.ts';
import { decideRetry } from '../../apps/api/src/payouts/retry-safety.ts';
import { findLostWork } from '../../apps/api/src/payouts/sends.queries.ts';
import { STUCK_CAUSES, stuckOf } from '../../apps/api/src/payouts/stuck.ts';
import { type TestDatabase, testDatabase } from '../../apps/api/src/testing/database.ts';
import { seedDemo } from './seed-demo.ts';

/** A Saturday night: the hardest of moments for limits that count business days. */
const NOW = new Date('2026-11-21T03:26:00.000Z');
const ACCESS = { password: 'correct horse battery', apiKey: 'csk_demo_0123456789', sandboxUrl: null };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await seedDemo({ db: database.owner, ...ACCESS, now: NOW });
});
afterAll(() => database.close());

/** The payouts with their last attempts, as the product reads them. */
async function readAll(): Promise<{ payout: Payout; last: Attempt | null }[]> {
  const payouts = await database.db.query<PayoutRow>('SELECT * FROM payout ORDER BY id');
  const attempts = await database.db.query<AttemptRow>('SELECT * FROM attempt ORDER BY payout_id, no');
  const last = new Map(attempts.rows.map((row) => [row.payout_id, attemptFromRow(row)]));
  return payouts.rows.map((row) => ({ payout: payoutFromRow(row), last: last.get(row.id) ?? null }));
}

async function one<Row extends object>(sql: string, values: unknown[] = []): Promise<Row> {
  const { rows } = await database.owner.query<Row>(sql, values);
  if (!rows[0]) throw new Error(`no row: ${sql}`);
  return rows[0];
}

const none = async (sql: string) => expect((await database.owner.query(sql)).rows).toEqual([]);

describe('the ledger', () => {
  it('balances, entry by entry and currency by currency', () =>
    none(`SELECT entry_id FROM posting GROUP BY entry_id, currency
          HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0`));

  it('stores for every account what its postings add up to', () =>
    none(`SELECT a.code, a.currency FROM ledger_account a JOIN account_balance b ON b.account_id = a.id
          LEFT JOIN posting p ON p.account_id = a.id GROUP BY a.id, b.account_id
          HAVING b.posting_count <> count(p.id) OR b.balance_minor <>
            coalesce(sum(CASE WHEN p.side = a.normal_side THEN p.amount_minor ELSE -p.amount_minor END), 0)`));

  it('never overdraws a wallet, at no moment', () =>
    none(`SELECT * FROM (
            SELECT a.code, p.id, sum(CASE p.side WHEN 'credit' THEN p.amount_minor ELSE -p.amount_minor END)
              OVER (PARTITION BY p.account_id ORDER BY e.posted_at, p.id) AS balance
            FROM posting p JOIN journal_entry e ON e.id = p.entry_id
            JOIN ledger_account a ON a.id = p.account_id WHERE a.kind = 'wallet') AS walk
          WHERE balance < 0`));

  it('holds in flight exactly what is neither in a wallet nor with the provider', () =>
    none(`SELECT currency, held, owed FROM (
            SELECT a.currency, b.balance_minor AS held, coalesce((SELECT sum(p.amount_minor) FROM payout p
              WHERE p.currency = a.currency AND p.status IN
                ('queued', 'sending', 'unconfirmed', 'in_transit', 'held', 'returned')), 0) AS owed
            FROM ledger_account a JOIN account_balance b ON b.account_id = a.id WHERE a.code = 'payouts_in_flight') AS flight
          WHERE held <> owed`));
});

describe('the payouts', () => {
  it('has a timeline that ends in the status, in the order of time, with its entries', async () => {
    await none(`SELECT p.id FROM payout p WHERE p.status <> (SELECT e.to_status FROM payout_event e
                WHERE e.payout_id = p.id AND e.to_status IS NOT NULL ORDER BY e.id DESC LIMIT 1)`);
    await none(`SELECT id FROM (SELECT id, at, lag(at) OVER (PARTITION BY payout_id ORDER BY id) AS before FROM payout_event) AS e
                WHERE before > at`);
    await none(`SELECT e.id FROM payout_event e WHERE e.data ? 'entryId'
                AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.id = (e.data ->> 'entryId')::uuid AND j.payout_id = e.payout_id)`);
  });

  it('tells nothing of the future', async () => {
    for (const column of [
      'payout.created_at',
      'payout.status_at',
      'payout_event.at',
      'journal_entry.posted_at',
      'attempt.last_sent_at',
      'provider_event.received_at',
      'audit_event.at',
      'settlement_file.imported_at',
      'settlement_line.booked_on',
      'recon_run.finished_at',
      'recon_break.opened_at',
      'recon_break.resolved_at',
      'recon_break.escalated_at',
      'override_request.created_at',
      'override_request.decided_at',
      'override_decision.at',
      'evidence_file.uploaded_at',
      'party.created_at',
    ]) {
      const [table, name] = column.split('.');
      const { late } = await one<{ late: bigint }>(`SELECT count(*) AS late FROM ${table} WHERE ${name} > $1`, [NOW]);
      expect(late, column).toBe(0n);
    }
  });

  it('has two weeks of them in each currency and on each rail, most of them paid', async () => {
    const { rows } = await database.db.query<{ status: string; count: bigint }>(
      'SELECT status, count(*) FROM payout GROUP BY status',
    );
    const counts = Object.fromEntries(rows.map((row) => [row.status, Number(row.count)]));
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(5_000);
    expect(counts.paid).toBeGreaterThan(4_000);
    expect(counts.in_transit).toBeGreaterThan(150);
    const seen = await one<{ currencies: string[]; rails: bigint; days: bigint; withdrawals: number }>(
      `SELECT array_agg(DISTINCT trim(currency) ORDER BY trim(currency)) AS currencies, count(DISTINCT rail) AS rails,
         count(DISTINCT created_at::date) AS days, avg((kind = 'withdrawal')::int)::float AS withdrawals FROM payout`,
    );
    expect(seen.currencies).toEqual(['EUR', 'JPY', 'KWD', 'TRY', 'USD']);
    expect(seen.rails).toBe(6n);
    expect(seen.days).toBeGreaterThanOrEqual(14n);
    expect(seen.withdrawals).toBeCloseTo(0.15, 1);
  });

  it('meets no fault of the sandbox by chance, and pays three-decimal currencies in tens', () =>
    none(
      `SELECT id FROM payout WHERE amount_minor BETWEEN 666001 AND 666099 OR (currency = 'KWD' AND amount_minor % 10 <> 0)`,
    ));
});

describe('what is wrong on this day', () => {
  it('has payouts stuck for every cause, and many more that are late', async () => {
    const stuck = (await readAll()).map(({ payout, last }) => stuckOf(payout, last, NOW)).filter((one) => one !== null);
    const isStuck = stuck.filter((one) => one.level === 'stuck');
    expect(new Set(isStuck.map((one) => one.cause))).toEqual(new Set(STUCK_CAUSES));
    expect(isStuck.length).toBeGreaterThanOrEqual(40);
    expect(isStuck.length).toBeLessThanOrEqual(60);
    expect(stuck.length - isStuck.length).toBeGreaterThanOrEqual(80);
    expect(new Set(isStuck.map((one) => one.next)).size).toBeGreaterThanOrEqual(5);
  });

  it('has every verdict on a retry', async () => {
    const decide = ({ payout, last }: { payout: Payout; last: Attempt | null }) =>
      decideRetry(payout, {
        now: NOW,
        lastAttempt: last,
        earlierMoved: false,
        payoutsOn: true,
        overrideOpen: false,
        hold: null,
        replayWindowMs: replayWindowMs(payout.provider),
      });
    const codes = new Set((await readAll()).map(decide).map(({ verdict, code }) => `${verdict} ${code}`));
    expect(codes).toEqual(
      new Set([
        'safe never_sent',
        'safe unanswered_in_window',
        'safe rejected_retryable',
        'safe attempt_never_left',
        'check_first unanswered_out_of_window',
        'unsafe terminal_code',
        'unsafe money_is_moving',
        'unsafe already_paid',
        'unsafe payout_canceled',
        'unsafe returned_undecided',
        'blocked payout_held',
        'blocked retry_in_flight',
      ]),
    );
  });

  it('stays as it is while the product runs: no job is missing but for the two that are about to heal', async () => {
    const lost = await findLostWork(database.db, NOW, 100);
    expect(lost.map(({ cause }) => cause)).toEqual(['transit_overdue', 'transit_overdue']);
    await none(`SELECT a.id FROM attempt a WHERE a.next_check_at IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM graphile_worker.jobs j WHERE j.key = 'payout.check:' || a.id AND j.run_at = a.next_check_at)`);
  });
});

/** `type detail risk CUR amount`, amounts in minor units; sorted. */
async function breaks(where: string): Promise<string[]> {
  const { rows } = await database.owner.query<{ line: string }>(
    `SELECT concat_ws(' ', type, why ->> 'detail', risk, trim(currency), amount_minor) AS line FROM recon_break WHERE ${where}`,
  );
  return rows.map(({ line }) => line).sort();
}

describe('what reconciliation found', () => {
  it('imported a file a source and day, and the history of each', async () => {
    const files = await database.owner.query<{ source: string; files: bigint; by: string }>(
      `SELECT source, count(*) AS files, string_agg(DISTINCT imported_by, ', ') AS by FROM settlement_file GROUP BY source ORDER BY source`,
    );
    expect(files.rows).toEqual([
      { source: 'bank', files: 6n, by: 'cli (nightly-import), Şule Çağlayan' },
      { source: 'provider', files: 6n, by: 'cli (nightly-import)' },
    ]);
    const lines = await one<{ provider: bigint; bank: bigint }>(
      `SELECT count(*) FILTER (WHERE source = 'provider') AS provider, count(*) FILTER (WHERE source = 'bank') AS bank FROM settlement_line`,
    );
    expect(lines.provider).toBeGreaterThan(4_500n);
    // One shown twice and two charges, one not shown yet.
    expect(lines.bank).toBe(lines.provider + 2n);
  });

  it('leaves open exactly what was planted, each in its class', async () => {
    expect(await breaks(`status <> 'resolved'`)).toEqual([
      'ambiguous same_facts MED TRY 128000',
      'amount_mismatch gross_differs LOW TRY 7200',
      'currency_mismatch currency_differs MED EUR 148000',
      'duplicate_at_provider two_debits_at_bank HIGH EUR 2496120',
      'fee_mismatch fee_differs LOW EUR 2',
      'late_settlement bank_late MED EUR 207735',
      'missing_at_provider provider_lacks_unsent LOW USD 43025',
      'missing_in_ledger debit_unknown HIGH USD 688030',
      // Four whose answer was lost, and one whose webhook is missing.
      'status_mismatch provider_in_transit MED EUR 782745',
      'status_mismatch provider_paid HIGH USD 8800000',
      'status_mismatch provider_paid MED JPY 1167100',
      'status_mismatch provider_paid MED TRY 4690000',
      'status_mismatch provider_paid MED USD 731055',
      'unmatched_bank_line bank_line_unknown LOW EUR 3800',
    ]);
    const mismatched = await one<{ statuses: string[] }>(
      `SELECT array_agg(p.status ORDER BY p.status) AS statuses FROM recon_break b JOIN payout p ON p.id = b.payout_id
       WHERE b.type = 'status_mismatch'`,
    );
    expect(mismatched.statuses).toEqual(['in_transit', 'unconfirmed', 'unconfirmed', 'unconfirmed', 'unconfirmed']);
  });

  it('has one that a later run cleared, one accepted with a note, one taken on and one raised, some of them older', async () => {
    expect(await breaks(`resolution = 'cleared' AND cleared_run_id <> first_run_id`)).toEqual([
      'missing_at_provider provider_lacks_paid LOW TRY 915000',
    ]);
    expect(await breaks(`resolution = 'accepted' AND note <> '' AND seen_runs > 1`)).toEqual([
      'unmatched_bank_line bank_line_unknown LOW TRY 25000',
    ]);
    expect(await breaks(`status = 'assigned' AND assignee_id IS NOT NULL`)).toEqual([
      'amount_mismatch gross_differs LOW TRY 7200',
    ]);
    expect(await breaks('escalated_at IS NOT NULL')).toEqual(['missing_in_ledger debit_unknown HIGH USD 688030']);
    expect(await breaks(`status <> 'resolved' AND seen_runs > 1`)).toEqual([
      'missing_in_ledger debit_unknown HIGH USD 688030',
      'status_mismatch provider_paid HIGH USD 8800000',
      'status_mismatch provider_paid MED USD 731055',
    ]);
  });

  it('ran each day in order, without a bank statement the first time, and matched the rest by reference', async () => {
    const { rows } = await database.owner.query<{ on: string; bank: string; unexamined: number; risk: string | null }>(
      `SELECT period_on AS "on", sources -> 'bank' ->> 'state' AS bank, (counts -> 'unexamined' ->> 'provider')::int AS unexamined, risk
       FROM recon_run WHERE kind = 'settlement' AND status = 'done' ORDER BY started_at`,
    );
    expect(rows[0]).toMatchObject({ on: '2026-11-15', bank: 'missing', risk: null });
    expect(rows[0]?.unexamined).toBeGreaterThan(1_000);
    expect(rows.slice(1)).toEqual(
      ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'].map((on, at) => {
        return { on, bank: 'present', unexamined: 0, risk: [null, 'LOW', 'HIGH', 'HIGH', 'HIGH'][at] };
      }),
    );
    const last = await one<{ rules: Record<string, number>; compared: number; matched: number; exhausted: boolean }>(
      `SELECT counts -> 'byRule' AS rules, (counts ->> 'compared')::int AS compared, (counts ->> 'matched')::int AS matched,
         (counts ->> 'sumSearchExhausted')::boolean AS exhausted
       FROM recon_run WHERE kind = 'settlement' ORDER BY started_at DESC LIMIT 1`,
    );
    expect(last.rules).toEqual({ provider_reference: last.matched });
    expect(last.matched).toBeGreaterThan(400);
    expect(last.compared - last.matched).toBeLessThan(20);
    expect(last.exhausted).toBe(false);
    await none(`SELECT id FROM recon_run WHERE kind = 'ledger_vs_wallet' AND (status <> 'done' OR risk IS NOT NULL)`);
    const scans = await one<{ scans: bigint }>(
      `SELECT count(*) AS scans FROM recon_run WHERE kind = 'ledger_vs_wallet'`,
    );
    expect(scans.scans).toBe(1n);
  });
});

describe('overrides', () => {
  it('has them in every state, each asked for by one and decided by others', async () => {
    const { rows } = await database.owner.query<{ line: string }>(
      `SELECT concat_ws(' ', r.status, r.kind, p.name, '·', r.maker_label, '·',
         (SELECT string_agg(d.checker_label || ' ' || d.decision, ', ' ORDER BY d.at) FROM override_decision d WHERE d.override_id = r.id),
         r.approvals_required) AS line
       FROM override_request r JOIN payout o ON o.id = r.subject_id JOIN party p ON p.id = o.party_id ORDER BY r.created_at`,
    );
    expect(rows.map(({ line }) => line)).toEqual([
      'executed cancel_payout Souk Al Mubarak · Jonas Weber · İbrahim Işık approve 1',
      'expired cancel_payout Rialto Glass · Şule Çağlayan · 1',
      'rejected force_retry Hanse Optik · Ayşe Yılmaz · Marta Kowalczyk reject 1',
      'withdrawn cancel_payout Copper Kettle · Jonas Weber · 1',
      'requested mark_payout_paid Bosphorus Freight · Jonas Weber · Şule Çağlayan approve 2',
      'stale cancel_payout Anka Yazılım · Şule Çağlayan · 1',
      'approved force_retry Tokyo Lantern KK · Ayşe Yılmaz · İbrahim Işık approve 1',
      'requested release_hold Gülçiçek Gıda · Ayşe Yılmaz · 1',
      'requested mark_payout_paid Granit Mimarlık · Ayşe Yılmaz · 1',
    ]);
  });

  it('did what was executed, and nothing closes the open ones for half a day', async () => {
    const { rows } = await database.owner.query<{ status: string; name: string }>(
      `SELECT p.status, y.name FROM payout p JOIN party y ON y.id = p.party_id WHERE p.status = 'canceled'`,
    );
    expect(rows).toEqual([{ status: 'canceled', name: 'Souk Al Mubarak' }]);
    expect(await overridesToClose(database.db, NOW, 100)).toEqual([]);
    expect(await overridesToClose(database.db, new Date(NOW.getTime() + 12 * 3_600_000), 100)).toEqual([]);
    expect(await overridesToClose(database.db, new Date(NOW.getTime() + 48 * 3_600_000), 100)).toHaveLength(4);
  });

  it('leaves no command refused in the audit log, and tells it in the order of time', async () => {
    await none(`SELECT id FROM audit_event WHERE outcome <> 'done'`);
    await none(`SELECT seq FROM (SELECT seq, at, act, lag(at) OVER (ORDER BY seq) AS before FROM audit_event) AS e
                WHERE before > at`);
  });
});

describe('who may come in', () => {
  it('lets each demo person sign in with the password, in one role', async () => {
    const { rows } = await database.db.query<{ email: string; role: string; password: string; demo: boolean }>(
      `SELECT p.email, p.demo, r.role, a.password FROM person p JOIN person_role r ON r.person_id = p.id
       JOIN account a ON a.person_id = p.id AND a.provider_id = 'credential' AND a.account_id = p.id::text ORDER BY p.email`,
    );
    expect(rows.map(({ email, role }) => `${email} ${role}`)).toEqual([
      'admin@countersign.test admin',
      'approver2@countersign.test approver',
      'approver@countersign.test approver',
      'finance@countersign.test finance',
      'ops2@countersign.test ops',
      'ops@countersign.test ops',
      'viewer@countersign.test viewer',
    ]);
    expect(rows.every(({ demo }) => demo)).toBe(true);
    const hash = rows[0]?.password ?? null;
    expect(new Set(rows.map(({ password }) => password)).size).toBe(1);
    expect(await passwordHash(ACCESS.password, hash)).toBe(hash);
    expect(await passwordHash('another', hash)).not.toBe(hash);
  });

  it('gives the machine its key, to read and to request', () =>
    expect(one('SELECT name, key_hash, scopes FROM api_key')).resolves.toEqual({
      name: 'marketplace-api',
      key_hash: hashApiKey(ACCESS.apiKey),
      scopes: ['payouts:read', 'payouts:write'],
    }));
});

/** Columns, as SQL, that hold what is random by intent: salts, nonces, and ids that commands mint, and how long they took. */
const MINTED: Record<string, string> = {
  account: `'{password}'`,
  audit_event: `CASE WHEN subject_kind = 'payout' THEN '{id}' ELSE '{id,subject_id,before,after}' END`,
  idempotency_key: `'{input_hash,result}'`,
  journal_entry: `'{id,override_id}'`,
  override_decision: `'{id,override_id,content_hash}'`,
  override_request: `'{id,nonce,content_hash}'`,
  payout_event: `CASE WHEN kind = 'override_executed' THEN '{data}' ELSE '{}' END`,
  posting: `'{entry_id}'`,
  recon_break: `'{id,first_run_id,last_run_id,cleared_run_id}'`,
  recon_match: `'{run_id,created_at}'`,
  recon_run: `'{id,finished_at}'`,
  recon_run_break: `'{run_id,break_id}'`,
  settlement_file: `'{id}'`,
  settlement_line: `'{file_id}'`,
  settlement_statement: `'{file_id}'`,
};

/** One hash of every row of every table, without what is random. */
async function checksum(of: TestDatabase): Promise<Record<string, string>> {
  const { rows: tables } = await of.owner.query<{ table: string }>(
    `SELECT relname AS "table" FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
     AND relname NOT LIKE '\\_%' ORDER BY relname`,
  );
  const sums: Record<string, string> = {};
  for (const { table } of tables) {
    const { rows } = await of.owner.query<{ sum: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(line, ',' ORDER BY line)), '') AS sum
       FROM (SELECT (to_jsonb(t) - (${MINTED[table] ?? `'{}'`})::text[])::text AS line FROM ${table} t) AS lines`,
    );
    sums[table] = rows[0]?.sum ?? '';
  }
  return sums;
}

describe('starting again', () => {
  let before: Record<string, string>;
  beforeAll(async () => {
    before = await checksum(database);
  });

  it('makes the same rows from the same now', async () => {
    const other = await testDatabase();
    try {
      await seedDemo({ db: other.owner, ...ACCESS, now: NOW });
      const theirs = await checksum(other);
      expect(theirs).toEqual(before);
      expect(theirs.payout).toMatch(/^5000 /);
    } finally {
      await other.close();
    }
  });

  it('changes nothing the second time, whatever the time', async () => {
    await seedDemo({ db: database.owner, ...ACCESS, now: new Date('2026-11-24T09:00:00Z') });
    expect(await checksum(database)).toEqual(before);
  });

  it('leaves nothing behind when it cannot be finished', async () => {
    const other = await testDatabase();
    try {
      await other.owner.query('ALTER TABLE settlement_file ADD CONSTRAINT no_room CHECK (line_count < 0)');
      const trying = seedDemo({ db: other.owner, ...ACCESS, now: NOW });
      await expect(trying).rejects.toThrow('no_room');
      const { rows } = await other.owner.query(
        'SELECT (SELECT count(*) FROM payout) + (SELECT count(*) FROM person) AS n',
      );
      expect(rows).toEqual([{ n: 0n }]);
    } finally {
      await other.close();
    }
  });

  it('takes a new password and a new key at once, and the old key opens nothing', async () => {
    const other = await testDatabase();
    try {
      // A database that has payouts: only the doors change.
      await other.owner.query(
        'INSERT INTO party (id, kind, name, reference, country) SELECT id, kind, name, reference, country FROM jsonb_populate_record(NULL::party, $1)',
        [
          JSON.stringify({
            id: '019b8d2b-8c00-7571-9dcb-915cb8e6fc00',
            kind: 'merchant',
            name: 'A',
            reference: 'a',
            country: 'DE',
          }),
        ],
      );
      await other.owner.query(
        `INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, descriptor, metadata, status, status_at, requested_by, created_at)
         SELECT id, 'payout', id, 1, 'EUR', 'sepa', 'stripe', '{}', '', '{}', 'queued', $1, 'x', $1 FROM party`,
        [NOW],
      );
      await seedDemo({ db: other.owner, ...ACCESS, now: NOW });
      await seedDemo({ db: other.owner, ...ACCESS, password: 'a new password', apiKey: 'csk_demo_changed', now: NOW });
      const { rows } = await other.owner.query<{ password: string }>('SELECT DISTINCT password FROM account');
      expect(rows).toHaveLength(1);
      const hash = rows[0]?.password ?? '';
      expect(await passwordHash('a new password', hash)).toBe(hash);
      const keys = await other.owner.query<{ key_hash: string }>('SELECT key_hash FROM api_key');
      expect(keys.rows).toEqual([{ key_hash: hashApiKey('csk_demo_changed') }]);
      const payouts = await other.owner.query('SELECT 1 FROM payout');
      expect(payouts.rowCount).toBe(1);
    } finally {
      await other.close();
    }
  });
});
