import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A run in the list, as it arrives. */
export type BulkListRow = inferOutput<typeof trpc.bulk.list>['rows'][number];

/** Everything about one run but its items. */
export type BulkDetail = inferOutput<typeof trpc.bulk.detail>;
export type BulkSums = BulkListRow['sums'];

/** One payout of a run. */
export type BulkItem = inferOutput<typeof trpc.bulk.items>['rows'][number];
