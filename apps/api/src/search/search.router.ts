import { z } from 'zod';
import { query, router } from '../runtime/trpc.ts';
import { findByText } from './search.queries.ts';

const input = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'text with a NUL or half a character'),
});

export const searchRouter = router({
  find: query('payout:read', input, ({ db, actor, now }, { text }) => findByText(db, actor, text, now)),
});
