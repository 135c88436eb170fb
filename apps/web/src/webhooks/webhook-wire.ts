import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';

/** An endpoint, as it arrives: a row of the list, and the head of its page. */
export type Endpoint = inferOutput<typeof trpc.webhooks.endpoint>;

/** A row of an endpoint's log. */
export type DeliveryRow = inferOutput<typeof trpc.webhooks.deliveries>['rows'][number];

/** One delivery with its message and its tries. */
export type Delivery = inferOutput<typeof trpc.webhooks.delivery>;
export type DeliveryTry = Delivery['tries'][number];

/** Which deliveries the log shows. */
export const DELIVERY_FILTERS = ['all', 'failing', 'given_up', 'delivered'] as const;
export type DeliveryFilter = (typeof DELIVERY_FILTERS)[number];

export function readFilter(text: string | undefined): DeliveryFilter {
  return DELIVERY_FILTERS.find((known) => known === text) ?? 'all';
}

/** The name under which every type is followed. */
export const ALL_TYPES = '*';

/** How many tries a delivery has at most; the server's schedule. */
export const MAX_TRIES = 10;
