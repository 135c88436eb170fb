import { z } from 'zod';
import { newUuid, toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { personActing } from '../overrides/person-acting.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { countViewsOf, insertView, refuseTakenName } from './view.store.ts';
import { decideScope, MAX_VIEWS, viewNameInput, viewScopeInput, viewSearchInput } from './view.ts';

/** Keeps a question to the queue under a name, for oneself or for the team. */
export const saveView = defineOperation({
  name: 'views.save',
  permission: 'view:save',
  act: 'view.saved',
  input: z.strictObject({ name: viewNameInput, scope: viewScopeInput, search: viewSearchInput }),
  subject: () => null,
  async run({ tx, now, actor }, input) {
    const person = personActing(actor);
    mustNotRefuse(decideScope(input.scope, actor));
    if ((await countViewsOf(tx, person.id)) >= MAX_VIEWS) throw new Refused('too_large');
    await refuseTakenName(tx, { name: input.name, scope: input.scope, ownerId: person.id });
    const id = newUuid();
    const slug = await insertView(tx, { id, ...input, ownerId: person.id, createdAt: now, updatedAt: now });
    await announce(tx, 'view', id);
    return {
      result: { slug, id: toId('view', id) },
      audit: { subject: { kind: 'view', id }, after: { slug, ...input } },
    };
  },
});
