import { z } from 'zod';
import { kindOfId, parseId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { query, router } from '../runtime/trpc.ts';
import { auditEvent, listAudit } from './audit.queries.ts';
import { ACTS } from './audit-event.ts';

const listInput = z.object({
  act: z.enum(ACTS).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  actor: z.string().trim().max(100).optional(),
  /** Any of our ids: everything that was done to it. */
  subject: z.string().trim().max(100).optional(),
  from: z.string().max(10).optional(),
  to: z.string().max(10).optional(),
  cursor: z.string().max(20).optional(),
  limit: z.int().min(1).max(200).default(100),
});

export const auditRouter = router({
  list: query('audit:read', listInput, ({ db }, { subject, ...input }) => {
    const kind = subject ? kindOfId(subject) : null;
    const subjectId = subject ? (kind ? (parseId(kind, subject) ?? subject) : subject) : undefined;
    return listAudit(db, { ...input, subjectId });
  }),
  /** One event, for a link that leads straight to it. */
  event: query('audit:read', z.object({ id: idInput('audit_event') }), async ({ db }, { id }) => {
    const event = await auditEvent(db, id);
    if (!event) throw new Refused('not_found', { what: 'audit_event' });
    return event;
  }),
});
