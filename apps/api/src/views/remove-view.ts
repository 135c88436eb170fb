import { z } from 'zod';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { personActing } from '../overrides/person-acting.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { deleteView, lockView } from './view.store.ts';
import { decideChange } from './view.ts';

/** Removes a view. What it asked stays in the audit log, so that it can be saved again. */
export const removeView = defineOperation({
  name: 'views.remove',
  permission: 'view:save',
  act: 'view.removed',
  input: z.strictObject({ id: idInput('view'), version: z.int().min(1) }),
  subject: (input) => ({ kind: 'view', id: input.id }),
  async run({ tx, actor }, input) {
    const person = personActing(actor);
    const view = await lockView(tx, input.id, person.id);
    mustNotRefuse(decideChange(view, person));
    if (view.version !== input.version) throw new Refused('version_conflict');
    await deleteView(tx, view.id);
    await announce(tx, 'view', view.id);
    const { slug, name, scope, search } = view;
    return {
      result: { removed: true },
      audit: { subject: { kind: 'view', id: view.id }, before: { slug, name, scope, search } },
    };
  },
});
