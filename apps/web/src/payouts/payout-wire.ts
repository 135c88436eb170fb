import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A row of the queue, as it arrives. */
export type PayoutRow = inferOutput<typeof trpc.payouts.list>['rows'][number];

/** Everything about one payout, as it arrives. */
export type PayoutDetail = inferOutput<typeof trpc.payouts.detail>;
export type TrailStep = PayoutDetail['trail'][number];
export type TimelineRow = PayoutDetail['timeline'][number];
export type AttemptRow = PayoutDetail['attempts'][number];
export type ProviderEventRow = PayoutDetail['events'][number];
export type Stuck = NonNullable<PayoutRow['stuck']>;

/** What a retry would do, on the provider's answer of this moment. */
export type RetryPreviewWire = inferOutput<typeof trpc.payouts.previewRetry>;
