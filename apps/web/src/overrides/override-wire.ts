import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A row of the inbox, as it arrives. */
export type OverrideRow = inferOutput<typeof trpc.overrides.list>['rows'][number];

/** Everything that an approver sees of one override. */
export type OverrideDetail = inferOutput<typeof trpc.overrides.detail>;
export type PreviewLine = NonNullable<OverrideDetail['preview']>[number];
export type EvidenceFile = OverrideDetail['evidence'][number];

/** What may be asked for about a payout. */
export type Requestable = inferOutput<typeof trpc.overrides.requestable>;
export type RequestableKind = Requestable['kinds'][number];
