import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockBreak, saveBreak } from './break.store.ts';
import { decideEscalate, decideNote } from './break.ts';

/** Raises a break: it is marked for everyone, with the words of who raised it. */
export const escalateBreak = defineOperation({
  name: 'reconciliation.escalate',
  permission: 'break:assign',
  act: 'break.escalated',
  input: z.strictObject({ breakId: idInput('break'), version: z.int().positive(), note: z.string().trim().max(2_000) }),
  subject: (input) => ({ kind: 'break', id: input.breakId }),
  async run({ tx, now }, input) {
    const row = await lockBreak(tx, input.breakId);
    if (row.version !== input.version) throw new Refused('version_conflict');
    mustNotRefuse(
      decideEscalate({ state: row.status, resolution: row.resolution, escalated: row.escalated_at !== null }),
    );
    mustNotRefuse(decideNote(input.note));
    await saveBreak(tx, row.id, { escalated_at: now, note: input.note });
    return {
      result: { breakId: toId('break', row.id) },
      audit: {
        subject: { kind: 'break', id: row.id },
        before: { escalatedAt: null, risk: row.risk },
        after: { escalatedAt: now.toISOString(), risk: row.risk },
        reason: input.note,
      },
    };
  },
});
