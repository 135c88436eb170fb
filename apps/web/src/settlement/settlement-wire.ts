import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A file of the list, as it arrives. */
export type FileRow = inferOutput<typeof trpc.settlement.list>['rows'][number];

/** A file with its statements. */
export type FileDetail = inferOutput<typeof trpc.settlement.file>;
export type Statement = FileDetail['statements'][number];

/** A line of a file. */
export type LineRow = inferOutput<typeof trpc.settlement.lines>['rows'][number];
