import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { changeView } from './change-view.ts';
import { removeView } from './remove-view.ts';
import { saveView } from './save-view.ts';
import { listViews, viewBySlug } from './views.queries.ts';

export const viewsRouter = router({
  list: query('payout:read', z.void(), ({ db, actor }) => listViews(db, actor)),
  bySlug: query('payout:read', z.strictObject({ slug: z.string().max(80) }), async ({ db, actor }, { slug }) => {
    const view = await viewBySlug(db, actor, slug);
    if (!view) throw new Refused('not_found', { what: 'view' });
    return view;
  }),
  save: command(saveView),
  change: command(changeView),
  remove: command(removeView),
});
