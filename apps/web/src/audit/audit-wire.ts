import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** An event of the log, as it arrives. */
export type AuditRow = inferOutput<typeof trpc.audit.list>['rows'][number];
