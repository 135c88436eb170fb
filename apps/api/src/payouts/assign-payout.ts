import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { peopleWho } from '../identity/person.store.ts';
import { tellAssigned } from '../notifications/notification.store.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockPayout } from './payout.store.ts';
import { saveAssignee } from './payout-desk.store.ts';

/**
 * Says who looks after a payout: oneself, somebody else who may (they are told), or nobody. Moves no money, so it can be
 * taken back by assigning again. Throws Refused `person_unknown` for somebody who may not look after payouts.
 */
export const assignPayout = defineOperation({
  name: 'payouts.assign',
  permission: 'payout:assign',
  act: 'payout.assigned',
  /** `version` is the one that was seen, where the assignment is about that and no other: in a bulk run. */
  input: z.strictObject({
    payoutId: idInput('payout'),
    assigneeId: idInput('person').nullable(),
    version: z.int().positive().optional(),
  }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, { payoutId, assigneeId, version }) {
    const payout = await lockPayout(tx, payoutId);
    if (version !== undefined && payout.version !== version) throw new Refused('version_conflict');
    const result = { payoutId: toId('payout', payout.id), assigneeId: assigneeId && toId('person', assigneeId) };
    if (payout.assigneeId === assigneeId) return { result, audit: null };
    const assignee = assigneeId === null ? null : (await peopleWho(tx, 'payout:assign', [assigneeId]))[0];
    if (assignee === undefined) throw new Refused('person_unknown');
    await saveAssignee(tx, payout, assignee, { at: now, actorLabel: actor.label });
    if (assignee && assignee.id !== actor.id) {
      await tellAssigned(tx, assignee.id, { payout, by: actor.label, at: now });
    }
    return {
      result,
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { assigneeId: payout.assigneeId },
        after: { assigneeId },
      },
    };
  },
});
