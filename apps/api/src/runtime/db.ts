import pg from 'pg';

/** The database role that every api and worker connection runs as: it may append to the ledger and the audit log, never edit them. */
export const APP_ROLE = 'countersign_app';

const { builtins } = pg.types;

/** int8 → bigint, date → 'YYYY-MM-DD' text; everything else as pg does it. Set per pool, so that libraries keep theirs. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === builtins.INT8) return (text: string) => BigInt(text);
    if (oid === builtins.DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** What stores and queries speak to: one open transaction, or the pool. */
export interface Queryable {
  query<R extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: R[]; rowCount: number }>;
}

/** An open write transaction. Only `runtime/operation.ts` and job shells open one. */
export interface Tx extends Queryable {
  readonly kind: 'tx';
  /** The connection underneath, for COPY streams only. */
  readonly client: pg.PoolClient;
}

export interface Db extends Queryable {
  readonly pool: pg.Pool;
  /** Runs `work` in one READ COMMITTED transaction; commits on return, rolls back on throw. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

export interface DbOptions {
  max?: number;
  /** Longest a single statement may take, ms. */
  statementTimeoutMs?: number;
  applicationName?: string;
  /** Run as the owner (migrations and tests that tamper) instead of the application's role. */
  asOwner?: boolean;
  /** Leave values as pg reads them (int8 as text): for a library that is given the pool and turns its ids into JSON. */
  libraryTypes?: boolean;
}

/** Opens a pool on `url`. Sessions are UTC; they run as APP_ROLE unless `asOwner`. Connects lazily. */
export function openDb(url: string, options: DbOptions = {}): Db {
  const { max = 10, statementTimeoutMs = 15_000, applicationName = 'countersign' } = options;
  const { asOwner = false, libraryTypes = false } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    ...(libraryTypes ? {} : { types }),
    application_name: applicationName,
    options: [
      '-c TimeZone=UTC',
      `-c statement_timeout=${statementTimeoutMs}`,
      '-c idle_in_transaction_session_timeout=60000',
      ...(asOwner ? [] : [`-c role=${APP_ROLE}`]),
    ].join(' '),
  });
  // A connection that dies (the server restarted) fails the query that used it, if any, and is dropped by the pool; the next
  // query opens a new one. The event itself has nobody else to tell.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  return {
    pool,
    query: (text, values) => run(pool, text, values),
    async transaction(work) {
      const client = await pool.connect();
      let broken = false;
      try {
        await client.query('BEGIN');
        const result = await work({ kind: 'tx', client, query: (text, values) => run(client, text, values) });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // When the rollback fails too, the connection is gone: the server rolls back by itself, and the pool must not reuse it.
        await client.query('ROLLBACK').catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    end: () => pool.end(),
  };
}

async function run<R extends object>(on: pg.Pool | pg.PoolClient, text: string, values?: readonly unknown[]) {
  const { rows, rowCount } = await on.query<R>(text, values ? [...values] : undefined);
  return { rows, rowCount: rowCount ?? 0 };
}

/** The SQLSTATE of a database error, or null when `error` is something else. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** The name of the constraint that a database error names, or null. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null;
}
