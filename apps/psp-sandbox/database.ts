import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** The sandbox's books on disk. Calls are synchronous, so a transaction is never interleaved with another request. */
export interface Database {
  run(sql: string, ...values: SQLInputValue[]): void;
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** Runs `work` in one transaction: all of it is kept, or nothing when it throws. Must not be nested. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE payouts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    method TEXT NOT NULL,
    destination TEXT,
    description TEXT,
    statement_descriptor TEXT,
    metadata TEXT NOT NULL,
    arrival_date INTEGER NOT NULL,
    failure_code TEXT,
    failure_message TEXT,
    balance_transaction TEXT,
    failure_balance_transaction TEXT,
    idempotency_key TEXT,
    faults TEXT NOT NULL
  ) STRICT;
  CREATE INDEX payouts_newest ON payouts (created, seq);

  CREATE TABLE movements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'back')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    balance_after INTEGER NOT NULL,
    provider_payout_id TEXT NOT NULL,
    provider_key TEXT,
    payout_id TEXT,
    attempt_id TEXT
  ) STRICT;
  CREATE INDEX movements_payout ON movements (payout_id);
  CREATE INDEX movements_attempt ON movements (attempt_id);
  CREATE TABLE balances (currency TEXT PRIMARY KEY, available INTEGER NOT NULL) STRICT;

  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    saved_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE strikes (scope TEXT PRIMARY KEY, holder TEXT NOT NULL, at INTEGER NOT NULL) STRICT;

  CREATE TABLE steps (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    payout_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    failure_code TEXT,
    failure_message TEXT
  ) STRICT;
  CREATE INDEX steps_due ON steps (due_at, seq);
  CREATE INDEX steps_payout ON steps (payout_id);

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    payout_id TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    payout_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'delivered', 'abandoned')),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_answer TEXT
  ) STRICT;
  CREATE INDEX deliveries_due ON deliveries (due_at, seq) WHERE state = 'waiting';
  CREATE INDEX deliveries_payout ON deliveries (payout_id);
`;

/** Opens (or creates) the books in `folder`. Throws a sentence when they were written by another version. */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const sqlite = new DatabaseSync(join(folder, 'sandbox.sqlite'));
  // WAL with NORMAL loses nothing when the process is killed; only a power cut could take the last commits.
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
  const version = sqlite.prepare('PRAGMA user_version').get()?.user_version;
  if (version === 0) {
    sqlite.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
  } else if (version !== SCHEMA_VERSION) {
    sqlite.close();
    throw new Error(
      `The sandbox's books in ${folder} were written by another version (${version}); remove that folder to begin anew.`,
    );
  }
  return wrap(sqlite);
}

function wrap(sqlite: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, ...values) => {
      prepared(sql).run(...values);
    },
    get: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as Row[],
    transaction: (work) => {
      sqlite.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        sqlite.exec('COMMIT');
        return result;
      } catch (error) {
        sqlite.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => sqlite.close(),
  };
}
