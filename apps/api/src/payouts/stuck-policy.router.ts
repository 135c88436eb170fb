import { z } from 'zod';
import { command, query, router } from '../runtime/trpc.ts';
import { changeStuckPolicy } from './change-stuck-policy.ts';
import { policyInForce, policyVersions } from './stuck-policy.queries.ts';
import { stuckRulesInput } from './stuck-rules-input.ts';
import { stuckWhatIf } from './stuck-what-if.queries.ts';

export const stuckPolicyRouter = router({
  current: query('payout:read', z.void(), ({ db, actor }) => policyInForce(db, actor)),
  versions: query('payout:read', z.object({ cursor: z.int().positive().optional() }), ({ db }, input) =>
    policyVersions(db, input),
  ),
  whatIf: query('payout:read', z.object({ rules: stuckRulesInput }), ({ db, now }, { rules }) =>
    stuckWhatIf(db, rules, now),
  ),
  change: command(changeStuckPolicy),
});
