import type { Queryable } from '../runtime/db.ts';
import type { StuckPolicy } from './stuck-policy.ts';

/** The stuck policy in force: the latest version. Throws when the installation has none, which migrations make impossible. */
export async function currentStuckPolicy(on: Queryable): Promise<StuckPolicy> {
  const { rows } = await on.query<StuckPolicy>('SELECT version, rules FROM stuck_policy ORDER BY version DESC LIMIT 1');
  if (!rows[0]) throw new Error('there is no stuck policy');
  return rows[0];
}
