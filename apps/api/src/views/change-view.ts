import { z } from 'zod';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { personActing } from '../overrides/person-acting.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockView, refuseTakenName, saveView } from './view.store.ts';
import { decideChange, decideScope, type View, viewNameInput, viewScopeInput, viewSearchInput } from './view.ts';

/** Renames a view, shows it to others or no longer, or changes what it asks. Its short link stays. */
export const changeView = defineOperation({
  name: 'views.change',
  permission: 'view:save',
  act: 'view.changed',
  input: z.strictObject({
    id: idInput('view'),
    version: z.int().min(1),
    name: viewNameInput.optional(),
    scope: viewScopeInput.optional(),
    search: viewSearchInput.optional(),
  }),
  subject: (input) => ({ kind: 'view', id: input.id }),
  async run({ tx, now, actor }, input) {
    const person = personActing(actor);
    const view = await lockView(tx, input.id, person.id);
    mustNotRefuse(decideChange(view, person));
    if (input.scope !== undefined && input.scope !== view.scope) mustNotRefuse(decideScope(input.scope, actor));
    if (view.version !== input.version) throw new Refused('version_conflict');
    const next: View = {
      ...view,
      name: input.name ?? view.name,
      scope: input.scope ?? view.scope,
      search: input.search ?? view.search,
      version: view.version + 1,
      updatedAt: now,
    };
    if (next.name !== view.name || next.scope !== view.scope) await refuseTakenName(tx, next);
    await saveView(tx, next);
    await announce(tx, 'view', view.id);
    return {
      result: { slug: next.slug, version: next.version },
      audit: { subject: { kind: 'view', id: view.id }, before: said(view), after: said(next) },
    };
  },
});

const said = ({ name, scope, search }: View) => ({ name, scope, search });
