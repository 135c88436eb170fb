import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A day and kind of the runs list, with its latest run, as it arrives. */
export type RunRow = inferOutput<typeof trpc.reconciliation.runs>['rows'][number];

/** A run with the numbers of its chips. */
export type Report = inferOutput<typeof trpc.reconciliation.report>;
export type Run = Report['run'];

/** A row of the report. */
export type BreakRow = inferOutput<typeof trpc.reconciliation.breaks>['rows'][number];
export type Side = BreakRow['ours'];

/** Everything about one break. */
export type BreakDetail = inferOutput<typeof trpc.reconciliation.break>;
export type NamedLine = BreakDetail['provider'][number];
export type NamedPayout = BreakDetail['payouts'][number];
export type FiredRule = BreakDetail['fired'][number];
