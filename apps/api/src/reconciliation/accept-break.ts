import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { executedOverride, lockBreak, saveBreak } from './break.store.ts';
import { decideAccept, decideNote } from './break.ts';

/**
 * Accepts a break as it is, with a note. It covers what was seen: when amounts or lines change, the next run reopens it.
 * A HIGH break is accepted only after an override on it was executed.
 */
export const acceptBreak = defineOperation({
  name: 'reconciliation.accept',
  permission: 'break:resolve',
  act: 'break.accepted',
  input: z.strictObject({ breakId: idInput('break'), version: z.int().positive(), note: z.string().trim().max(2_000) }),
  subject: (input) => ({ kind: 'break', id: input.breakId }),
  async run({ tx, now, actor }, input) {
    const row = await lockBreak(tx, input.breakId);
    if (row.version !== input.version) throw new Refused('version_conflict');
    const overrideId = await executedOverride(tx, row);
    const of = {
      state: row.status,
      resolution: row.resolution,
      risk: row.risk,
      escalated: row.escalated_at !== null,
    };
    mustNotRefuse(decideAccept(of, overrideId !== null));
    mustNotRefuse(decideNote(input.note));
    await saveBreak(tx, row.id, {
      status: 'resolved',
      resolution: 'accepted',
      note: input.note,
      resolved_by: actor.label,
      resolved_at: now,
      override_id: overrideId,
    });
    return {
      result: { breakId: toId('break', row.id) },
      audit: {
        subject: { kind: 'break', id: row.id },
        before: { status: row.status, risk: row.risk },
        after: { status: 'resolved', resolution: 'accepted' },
        reason: input.note,
      },
    };
  },
});
