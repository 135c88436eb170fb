import type { Unsafe } from '../src/payouts/payouts.tasks.ts';

const UNKNOWN_MINTS: Unsafe = 'unknown_mints_new_attempt';

/**
 * The rule of safety that this process is to break, so that a chaos run can show that its checker sees double payments; null,
 * as always but there. Only a test build (NODE_ENV=test) on a database whose name begins with "chaos" may: anywhere else the
 * process does not start. Throws an Error with one sentence.
 */
export function readUnsafe(environment: NodeJS.ProcessEnv, databaseUrl: string): Unsafe | null {
  const asked = environment.COUNTERSIGN_CHAOS_UNSAFE;
  if (asked === undefined || asked === '') return null;
  if (asked !== UNKNOWN_MINTS) throw new Error(`COUNTERSIGN_CHAOS_UNSAFE knows only "${UNKNOWN_MINTS}".`);
  if (environment.NODE_ENV !== 'test')
    throw new Error('COUNTERSIGN_CHAOS_UNSAFE is refused unless NODE_ENV is "test".');
  if (!/^\/chaos/.test(new URL(databaseUrl).pathname)) {
    throw new Error('COUNTERSIGN_CHAOS_UNSAFE is refused on a database whose name does not begin with "chaos".');
  }
  return asked;
}
