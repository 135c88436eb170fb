import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** A saved view, as it arrives. */
export type SavedView = inferOutput<typeof trpc.views.list>[number];
