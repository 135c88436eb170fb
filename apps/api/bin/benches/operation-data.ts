import { newUuid, toId } from '../../src/core/ids.ts';
import { money } from '../../src/core/money.ts';
import { utcDate } from '../../src/core/time.ts';
import { balancedEntry, clearingOf, credit, debit, walletOf } from '../../src/ledger/journal.ts';
import { postEntry } from '../../src/ledger/ledger.store.ts';
import { providerKeyOf } from '../../src/payouts/attempt.ts';
import { type Db, openDb } from '../../src/runtime/db.ts';

/** A payout that failed for a cause that passes, and waits for a retry. */
export interface Failed {
  payoutId: string;
  attemptId: string;
  partyId: string;
  /** The ledger's account of the party's wallet. */
  walletId: bigint;
}

const PARTIES = 500;

/** Makes that many failed payouts of EUR 125.00, spread over 500 merchants with full wallets. */
export async function loadFailed(url: string, count: number, now: Date): Promise<Failed[]> {
  const db = openDb(url, { max: 4, asOwner: true, statementTimeoutMs: 120_000 });
  try {
    const parties = await makeParties(db, now);
    const failed = Array.from({ length: count }, (_, i): Failed => {
      const party = parties[i % parties.length];
      if (!party) throw new Error('there are no parties');
      return { payoutId: newUuid(), attemptId: newUuid(), ...party };
    });
    await db.query(
      `INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, descriptor, metadata, status,
         status_at, failure_code, requested_by, attempt_count, created_at)
       SELECT id, 'payout', party, 12500, 'EUR', 'sepa', 'stripe',
         '{"holder":"Anna Schmidt","bank":"Bank","masked":"DE•• 4410","country":"DE","token":"ba_1"}', 'Payout', '{}', 'failed',
         $3, 'could_not_process', 'bench', 1, $3
       FROM unnest($1::uuid[], $2::uuid[]) AS p (id, party)`,
      [failed.map(({ payoutId }) => payoutId), failed.map(({ partyId }) => partyId), now],
    );
    await db.query(
      `INSERT INTO attempt (id, payout_id, no, provider, provider_key, status, code, requested_by, proof, created_at, queued_at,
         first_sent_at, last_sent_at, send_count, next_retry_at)
       SELECT id, payout, 1, 'stripe', key, 'rejected', 'could_not_process', 'bench', '{}', $4, $4, $4, $4, 1,
         $4::timestamptz + interval '1 hour'
       FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS a (id, payout, key)`,
      [
        failed.map(({ attemptId }) => attemptId),
        failed.map(({ payoutId }) => payoutId),
        failed.map(({ attemptId }) => providerKeyOf(attemptId)),
        now,
      ],
    );
    await db.query('ANALYZE');
    return failed;
  } finally {
    await db.end();
  }
}

async function makeParties(db: Db, now: Date): Promise<{ partyId: string; walletId: bigint }[]> {
  const ids = Array.from({ length: PARTIES }, newUuid);
  await db.query(
    `INSERT INTO party (id, kind, name, reference, country) SELECT id, 'merchant', 'Bench', id::text, 'DE' FROM unnest($1::uuid[]) AS p (id)`,
    [ids],
  );
  const funds = money(10_000_000_000n, 'EUR');
  for (const id of ids) {
    const entry = balancedEntry('funding', 'bench', [debit(clearingOf('stripe'), funds), credit(walletOf(id), funds)]);
    await db.transaction((tx) => postEntry(tx, entry, { now, effectiveOn: utcDate(now) }));
  }
  const { rows } = await db.query<{ id: bigint; party_id: string }>(
    `SELECT id, party_id FROM ledger_account WHERE kind = 'wallet'`,
  );
  const accounts = new Map(rows.map((row) => [row.party_id, row.id]));
  return ids.map((partyId) => ({ partyId, walletId: accounts.get(partyId) ?? 0n }));
}

/** A statement as the product sent it. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/**
 * The statements of one recorded retry, for another payout: its own ids in the places of the recorded ones, and fresh ids in the
 * places of what the retry minted. `stays`: ids that are the same for every retry, such as the person's.
 */
export function statementsFor(
  recorded: readonly Statement[],
  from: Failed,
  to: Failed,
  stays: ReadonlySet<string>,
): Statement[] {
  const known: Record<string, string> = {
    [from.payoutId]: to.payoutId,
    [from.attemptId]: to.attemptId,
    [from.partyId]: to.partyId,
  };
  const renamed = (uuid: string) => {
    if (stays.has(uuid)) return uuid;
    known[uuid] ??= newUuid();
    return known[uuid];
  };
  const all = recorded.flatMap(({ values }) => JSON.stringify(values, text)?.match(UUID) ?? []);
  const words = new Map<string, string>();
  for (const uuid of new Set(all)) {
    const other = renamed(uuid);
    words.set(uuid, other);
    for (const kind of ['payout', 'attempt', 'journal_entry'] as const) words.set(toId(kind, uuid), toId(kind, other));
  }
  const anyWord = new RegExp([...words.keys()].join('|'), 'g');
  const put = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(anyWord, (word) => words.get(word) ?? word);
    if (Array.isArray(value)) return value.map(put);
    return value === from.walletId ? to.walletId : value;
  };
  return recorded.map((statement) => ({ text: statement.text, values: statement.values.map(put) }));
}

function text(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
