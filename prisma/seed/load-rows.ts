import { utcDate } from '../../apps/api/src/core/time.ts';
import { ACCOUNT_KINDS, accountKind } from '../../apps/api/src/ledger/journal.ts';
import type { Attempt } from '../../apps/api/src/payouts/attempt.ts';
import type { Payout } from '../../apps/api/src/payouts/payout.ts';
import type { Tx } from '../../apps/api/src/runtime/db.ts';
import type { BadDay } from './bad-day.ts';
import { accountKey, accountsOf, allEntries } from './ledger-rows.ts';
import type { PayoutStory } from './story.ts';
import type { PostedEntry } from './story-parts.ts';

type Row = Record<string, unknown>;

/** How many rows one statement takes: large enough to be fast, small enough for one JSON text. */
const CHUNK = 2_500;

/**
 * Inserts rows in their order, set-based. All rows of a table have the same keys, named as its columns; a column that no
 * row names gets its default.
 */
async function insert(tx: Tx, table: string, rows: readonly Row[], returning = ''): Promise<Row[]> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  const returned: Row[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) {
    const json = JSON.stringify(rows.slice(from, from + CHUNK), bigintAsText);
    const { rows: back } = await tx.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1) ${returning}`,
      [json],
    );
    returned.push(...back);
  }
  return returned;
}

/** Writes the whole demonstration into an empty database. */
export async function loadRows(tx: Tx, { parties, stories }: BadDay): Promise<void> {
  const partyRows = parties.map(({ id, kind, name, reference, country, createdAt }) => ({
    ...{ id, kind, name, reference, country },
    created_at: createdAt,
  }));
  await insert(tx, 'party', partyRows);
  await insert(
    tx,
    'payout',
    stories.map(({ payout }) => payoutRow(payout)),
  );
  await insert(
    tx,
    'attempt',
    stories.flatMap(({ attempts }) => attempts.map(attemptRow)),
  );
  await insert(tx, 'payout_event', timelineRows(stories));
  await insert(tx, 'provider_event', newsRows(stories));
  await loadLedger(tx, allEntries(stories));
}

async function loadLedger(tx: Tx, entries: readonly PostedEntry[]): Promise<void> {
  const accounts = accountsOf(entries);
  const accountRows = accounts.map(({ code, currency, openedAt }) => {
    const kind = accountKind(code);
    const { normalSide, mayOverdraw } = ACCOUNT_KINDS[kind];
    const partyId = kind === 'wallet' ? code.slice('wallet:'.length) : null;
    const rules = { kind, normal_side: normalSide, may_overdraw: mayOverdraw, party_id: partyId };
    return { code, currency, ...rules, created_at: openedAt };
  });
  const opened = await insert(tx, 'ledger_account', accountRows, 'RETURNING id, code, currency');
  const ids = new Map(opened.map(({ id, code, currency }) => [`${code} ${currency}`, id]));
  const idOf = (key: string) => {
    const id = ids.get(key);
    if (id === undefined) throw new Error(`The account ${key} was not opened.`);
    return id;
  };
  await insert(
    tx,
    'account_balance',
    accounts.map((account) => ({
      account_id: idOf(`${account.code} ${account.currency}`),
      balance_minor: account.balanceMinor,
      posting_count: account.postingCount,
      updated_at: account.updatedAt,
    })),
  );
  const entryRows = entries.map(({ id, entry, payoutId, at }) => ({
    ...{ id, kind: entry.kind, payout_id: payoutId, description: entry.description },
    effective_on: utcDate(at),
    posted_at: at,
  }));
  await insert(tx, 'journal_entry', entryRows);
  const postingRows = entries.flatMap(({ id, entry }) =>
    entry.lines.map((line) => ({
      entry_id: id,
      account_id: idOf(accountKey(line)),
      side: line.side,
      amount_minor: line.amount.minor,
      currency: line.amount.currency,
    })),
  );
  await insert(tx, 'posting', postingRows);
}

function payoutRow({ amount, ...payout }: Payout): Row {
  return { ...snake(payout), amount_minor: amount.minor, currency: amount.currency };
}

function attemptRow(attempt: Attempt): Row {
  return snake({ ...attempt });
}

/** In the order in which it happened, over all payouts: the ids rise with time. */
function timelineRows(stories: readonly PayoutStory[]): Row[] {
  const lines = stories.flatMap(({ payout, timeline }) => timeline.map((line) => ({ payoutId: payout.id, ...line })));
  lines.sort((a, b) => a.at.getTime() - b.at.getTime());
  return lines.map(({ from, to, actor, ...line }) => ({
    ...snake(line),
    from_status: from,
    to_status: to,
    actor_label: actor,
  }));
}

function newsRows(stories: readonly PayoutStory[]): Row[] {
  const news = stories.flatMap((story) => story.news).sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
  return news.map((one) => ({ ...snake({ ...one }), provider: 'stripe' }));
}

/** `statusAt` → `status_at`: a noun's fields are named as its columns are. */
function snake(of: object): Row {
  const row: Row = {};
  for (const [key, value] of Object.entries(of)) row[columnOf(key)] = value;
  return row;
}

const columnNames = new Map<string, string>();

function columnOf(field: string): string {
  const known = columnNames.get(field);
  if (known) return known;
  const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  columnNames.set(field, column);
  return column;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
