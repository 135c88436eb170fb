import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { acceptBreak } from './accept-break.ts';
import { assignBreak } from './assign-break.ts';
import { RECON_KINDS } from './break.ts';
import { breakDetail } from './break-detail.queries.ts';
import { escalateBreak } from './escalate-break.ts';
import { countOpenBreaks, listBreaks, listRuns, REPORT_FILTERS, readReport } from './reconciliation.queries.ts';
import { runReconciliation } from './run-reconciliation.ts';

const runsInput = z.object({
  kind: z.enum(RECON_KINDS).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(100).default(50),
});
const breaksInput = z.object({
  runId: idInput('run'),
  filter: z.enum(REPORT_FILTERS).default('open'),
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(200).default(100),
});

export const reconciliationRouter = router({
  runs: query('reconciliation:read', runsInput, ({ db, actor }, input) => listRuns(db, actor, input)),
  report: query('reconciliation:read', z.object({ id: idInput('run') }), async ({ db, actor, now }, { id }) => {
    const report = await readReport(db, actor, id, now);
    if (!report) throw new Refused('not_found', { what: 'run' });
    return report;
  }),
  breaks: query('reconciliation:read', breaksInput, ({ db, actor, now }, input) => listBreaks(db, actor, input, now)),
  break: query('reconciliation:read', z.object({ id: idInput('break') }), async ({ db, actor, now }, { id }) => {
    const detail = await breakDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'break' });
    return detail;
  }),
  counts: query('reconciliation:read', z.void(), ({ db }) => countOpenBreaks(db)),
  run: command(runReconciliation),
  assign: command(assignBreak),
  accept: command(acceptBreak),
  escalate: command(escalateBreak),
});
