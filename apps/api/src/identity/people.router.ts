import { z } from 'zod';
import { query, router } from '../runtime/trpc.ts';
import { listPeople } from './people.queries.ts';

const textInput = z.object({
  text: z.string().trim().max(100).optional(),
  limit: z.int().min(1).max(500).default(200),
});

export const peopleRouter = router({
  /** Who may be asked to look after a payout. */
  assignable: query('payout:assign', textInput, ({ db }, input) => listPeople(db, 'payout:assign', input)),
  /** Who may be named in a note: everybody who can read what it is about. */
  mentionable: query('payout:note', textInput, ({ db }, input) => listPeople(db, 'payout:read', input)),
});
