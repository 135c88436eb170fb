import { z } from 'zod';
import { announce } from '../runtime/live.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { deadlines } from './stuck.ts';
import { currentStuckPolicy, lockBehindPolicy, saveDeadlines } from './stuck-policy.store.ts';

/**
 * Gives a batch of open payouts the deadlines of the policy in force. Decides again under the locks which of them are still
 * behind, so running twice is running once; a payout that moved meanwhile has its deadlines already.
 */
export const applyStuckPolicy = defineOperation({
  name: 'stuck_policy.apply',
  permission: 'stuck_policy:apply',
  act: 'stuck_policy.applied',
  input: z.strictObject({
    payoutIds: z.array(z.uuid()).max(1_000),
    /** Whether no batch follows: consoles then read their lists again, once and not a hundred times. */
    last: z.boolean(),
  }),
  subject: () => null,
  async run({ tx }, { payoutIds, last }): Promise<Done<{ applied: number }>> {
    const policy = await currentStuckPolicy(tx);
    if (last) await announce(tx, 'control', 'stuck_policy');
    const behind = await lockBehindPolicy(tx, payoutIds, policy.version);
    if (behind.length === 0) return { result: { applied: 0 }, audit: null };
    await saveDeadlines(
      tx,
      policy.version,
      behind.map(({ id, rail, status, statusAt }) => ({ id, ...deadlines(policy, rail, status, statusAt) })),
    );
    return {
      result: { applied: behind.length },
      audit: {
        subject: { kind: 'stuck_policy', id: String(policy.version) },
        after: { version: policy.version, payouts: behind.length },
      },
    };
  },
});
