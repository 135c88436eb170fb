import { APP_ROLE, type Db, type Tx } from '../../apps/api/src/runtime/db.ts';

/**
 * A database whose transactions are savepoints of one that is open: what commands do within it is kept with it or not at
 * all. One after the other only.
 */
export function transactionDb(tx: Tx): Db {
  const outside = (): never => {
    throw new Error('This is one open transaction: there is no pool behind it.');
  };
  return {
    get pool() {
      return outside();
    },
    query: (text, values) => tx.query(text, values),
    async transaction(work) {
      await tx.query('SAVEPOINT command');
      try {
        const done = await work(tx);
        await tx.query('RELEASE SAVEPOINT command');
        return done;
      } catch (error) {
        await tx.query('ROLLBACK TO SAVEPOINT command');
        throw error;
      }
    },
    end: outside,
  };
}

/**
 * Has the tables counted again: over days that happens by itself, within one transaction it never does, and queries that
 * take full tables for empty ones are slow. For use within `asApplication`, whose rights do not reach so far.
 */
export async function recount(tx: Tx, tables: readonly string[]): Promise<void> {
  await tx.query('RESET ROLE');
  await tx.query(`ANALYZE ${tables.join(', ')}`);
  await tx.query(`SET LOCAL ROLE ${APP_ROLE}`);
}

/** Does `work` with the rights that the running product has, and no others. */
export async function asApplication<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query(`SET LOCAL ROLE ${APP_ROLE}`);
  const done = await work();
  // A failure ends the transaction, and the role with it.
  await tx.query('RESET ROLE');
  return done;
}
