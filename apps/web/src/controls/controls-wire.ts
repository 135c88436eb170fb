import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

export type ControlState = inferOutput<typeof trpc.controls.state>;
export type ControlRow = ControlState['payouts'];
export type HeldThing = ControlState['holds']['first'][number];
export type HoldRow = inferOutput<typeof trpc.controls.holds>['rows'][number];
export type StopPreview = inferOutput<typeof trpc.controls.preview>;
export type Merchant = inferOutput<typeof trpc.controls.merchants>[number];
export type ControlChange = inferOutput<typeof trpc.controls.history>['rows'][number];

export type PolicyInForce = inferOutput<typeof trpc.stuckPolicy.current>;
export type WhatIf = inferOutput<typeof trpc.stuckPolicy.whatIf>;
