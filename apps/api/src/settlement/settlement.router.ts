import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { query, router } from '../runtime/trpc.ts';
import { listSettlementFiles, settlementFile, settlementLines } from './settlement.queries.ts';

const listInput = z.object({
  source: z.enum(['provider', 'bank']).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(200).default(50),
});

const linesInput = z.object({
  fileId: idInput('file'),
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
});

/** Reading of files and lines. A file comes in over HTTP (`settlement.http.ts`), since it is a stream. */
export const settlementRouter = router({
  list: query('settlement:read', listInput, ({ db, actor }, input) => listSettlementFiles(db, actor, input)),
  file: query('settlement:read', z.object({ id: idInput('file') }), async ({ db }, { id }) => {
    const file = await settlementFile(db, id);
    if (!file) throw new Refused('not_found', { what: 'settlement_file' });
    return file;
  }),
  lines: query('settlement:read', linesInput, ({ db }, input) => settlementLines(db, input)),
});
