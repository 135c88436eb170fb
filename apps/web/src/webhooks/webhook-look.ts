import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';
import type { DeliveryRow, Endpoint } from './webhook-wire.ts';

interface Look {
  shape: MarkShape;
  tone: MarkTone;
}

export type DeliveryState = 'waiting' | 'failing' | 'delivered' | 'given_up';

/** A delivery that waits after a failed try is another thing to people than one that is just leaving. */
export function deliveryState({ status, tries }: Pick<DeliveryRow, 'status' | 'tries'>): DeliveryState {
  if (status !== 'pending') return status;
  return tries > 0 ? 'failing' : 'waiting';
}

export const DELIVERY_LOOK: Record<DeliveryState, Look> = {
  waiting: { shape: 'dotted-ring', tone: 'moving' },
  failing: { shape: 'half-ring', tone: 'med' },
  delivered: { shape: 'dot', tone: 'safe' },
  given_up: { shape: 'square', tone: 'high' },
};

export type EndpointState = 'enabled' | 'failing' | 'disabled' | 'gone';

export function endpointState(endpoint: Pick<Endpoint, 'status' | 'gone' | 'failingSince'>): EndpointState {
  if (endpoint.status === 'disabled') return endpoint.gone ? 'gone' : 'disabled';
  return endpoint.failingSince ? 'failing' : 'enabled';
}

export const ENDPOINT_LOOK: Record<EndpointState, Look> = {
  enabled: { shape: 'dot', tone: 'safe' },
  failing: { shape: 'square', tone: 'high' },
  disabled: { shape: 'open-square', tone: 'quiet' },
  gone: { shape: 'cross', tone: 'med' },
};
