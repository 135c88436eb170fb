import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockBreak, saveBreak } from './break.store.ts';
import { decideAssign } from './break.ts';

/** Takes a break, or gives it back: who looks after it. */
export const assignBreak = defineOperation({
  name: 'reconciliation.assign',
  permission: 'break:assign',
  act: 'break.assigned',
  input: z.strictObject({ breakId: idInput('break'), to: z.enum(['me', 'nobody']) }),
  subject: (input) => ({ kind: 'break', id: input.breakId }),
  async run({ tx, actor }, input) {
    const row = await lockBreak(tx, input.breakId);
    mustNotRefuse(decideAssign({ state: row.status, resolution: row.resolution }));
    const assigneeId = input.to === 'me' ? actor.id : null;
    await saveBreak(tx, row.id, { status: assigneeId === null ? 'open' : 'assigned', assignee_id: assigneeId });
    return {
      result: { breakId: toId('break', row.id) },
      audit: {
        subject: { kind: 'break', id: row.id },
        before: { assigneeId: row.assignee_id },
        after: { assigneeId },
      },
    };
  },
});
