import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { currentStuckPolicy, insertStuckPolicy } from './stuck-policy.store.ts';
import { changedSides, diffStuckRules } from './stuck-policy-diff.ts';
import { stuckFaults } from './stuck-policy-faults.ts';
import { stuckRulesInput } from './stuck-rules-input.ts';

/**
 * Puts a new version of the stuck policy in force. It holds for every move from now on; the job `stuck_policy.apply` gives
 * the open payouts their new deadlines. `baseVersion` is the version that the person changed: another one since refuses.
 */
export const changeStuckPolicy = defineOperation({
  name: 'stuck_policy.change',
  permission: 'stuck_policy:change',
  act: 'stuck_policy.changed',
  input: z.strictObject({
    baseVersion: z.int().positive(),
    rules: stuckRulesInput.superRefine((rules, context) => {
      const [fault] = stuckFaults(rules);
      if (fault) context.addIssue({ code: 'custom', message: JSON.stringify(fault) });
    }),
    note: z.string().trim().min(3).max(500),
  }),
  subject: (input) => ({ kind: 'stuck_policy', id: String(input.baseVersion + 1) }),
  async run({ tx, now, actor }, { baseVersion, rules, note }) {
    const before = await currentStuckPolicy(tx);
    if (before.version !== baseVersion) throw new Refused('version_conflict');
    const changes = diffStuckRules(before.rules, rules);
    if (changes.length === 0) throw new Refused('nothing_changed');
    const sides = changedSides(changes);
    const version = baseVersion + 1;
    await insertStuckPolicy(tx, { version, rules, note, createdBy: actor.label, createdAt: now });
    await enqueue(tx, 'stuck_policy.apply', {}, { key: 'stuck_policy.apply' });
    await announce(tx, 'control', 'stuck_policy');
    return {
      result: { version },
      audit: {
        subject: { kind: 'stuck_policy', id: String(version) },
        before: { version: before.version, ...sides.before },
        after: { version, ...sides.after },
        reason: note,
      },
    };
  },
});
