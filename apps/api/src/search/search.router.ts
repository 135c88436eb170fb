import { z } from 'zod';
import { query, router } from '../runtime/trpc.ts';
import { findByText } from './search.queries.ts';

export const searchRouter = router({
  find: query('payout:read', z.object({ text: z.string().trim().min(1).max(200) }), ({ db }, { text }) =>
    findByText(db, text),
  ),
});
