import { type Refusal, refusal } from '../core/refusal.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts';
import type { Endpoint } from './endpoint.ts';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'given_up'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export type GivenUpWhy = 'exhausted' | 'gone' | 'endpoint_disabled';

/** One message on its way to one endpoint. */
export interface Delivery {
  id: string;
  endpointId: string;
  messageId: string;
  /** The delivery that a person had sent again; null for the first. */
  replayOf: string | null;
  status: DeliveryStatus;
  /** How many tries are recorded. */
  tries: number;
  /** When it is due; null when it is not pending. */
  nextTryAt: Date | null;
  deliveredAt: Date | null;
  givenUpWhy: GivenUpWhy | null;
  createdAt: Date;
}

/** What is told: written once, with the change that it tells of. */
export interface Message {
  id: string;
  type: string;
  payoutId: string | null;
  payload: { type: string; timestamp: string; data: Record<string, unknown> };
  createdAt: Date;
}

/** Why a try had no answer. */
export const TRY_ERRORS = [
  'timeout',
  'name_unknown',
  'connection_refused',
  'connection_lost',
  'tls',
  'bad_response',
  'address_refused',
  'secret_unreadable',
] as const;
export type TryError = (typeof TRY_ERRORS)[number];

export type TryOutcome =
  | { kind: 'answered'; status: number; retryAfter: string | null; response: string }
  | { kind: 'failed'; error: TryError };

/**
 * How long after a failed try the next one comes, by how many tries there were: the schedule that Standard Webhooks
 * recommends. The first try is made at once; the one after the last of these is the last.
 */
export const TRY_DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;
export const MAX_TRIES = TRY_DELAYS_MS.length + 1;

/** A wait grows by up to this share of itself, so that what failed together is not tried again together. */
const JITTER = 0.2;
/** A receiver may ask us to wait longer than the schedule does, but not for ever. */
const MAX_RETRY_AFTER_MS = DAY_MS;

export type NextStep =
  | { status: 'delivered' }
  | { status: 'pending'; nextTryAt: Date }
  | { status: 'given_up'; why: Extract<GivenUpWhy, 'exhausted' | 'gone'> };

/**
 * What comes after a try. `tries` counts this one; `jitter` is a random number from 0 up to 1. Anything but a 2xx has failed,
 * redirects too: they are not followed. 410 means that the receiver wants nothing any more.
 */
export function afterTry(outcome: TryOutcome, tries: number, now: Date, jitter: number): NextStep {
  if (outcome.kind === 'answered') {
    if (outcome.status >= 200 && outcome.status < 300) return { status: 'delivered' };
    if (outcome.status === 410) return { status: 'given_up', why: 'gone' };
  }
  const delay = TRY_DELAYS_MS[tries - 1];
  if (delay === undefined) return { status: 'given_up', why: 'exhausted' };
  const wait = Math.max(delay * (1 + JITTER * jitter), askedWaitMs(outcome, now));
  return { status: 'pending', nextTryAt: new Date(now.getTime() + Math.round(wait)) };
}

/** How long the receiver asks us to wait (429 and 503 with Retry-After: seconds or an HTTP date), 0 when it does not. */
function askedWaitMs(outcome: TryOutcome, now: Date): number {
  if (outcome.kind === 'failed' || (outcome.status !== 429 && outcome.status !== 503)) return 0;
  const text = outcome.retryAfter?.trim() ?? '';
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now.getTime();
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}

/** A job that comes more than this before its delivery is due belongs to an earlier time of it. */
const EARLY_MS = MINUTE_MS;

/** Whether a try is to be made now. */
export function isDue(delivery: Delivery, now: Date): boolean {
  return delivery.nextTryAt !== null && delivery.nextTryAt.getTime() - now.getTime() <= EARLY_MS;
}

/**
 * What sending a delivery again comes to: a delivery of its own, or, while it still waits for its next try, that try at once.
 * `underway`: whether another delivery of the same message to the same endpoint is pending.
 */
export function decideReplay(
  delivery: Pick<Delivery, 'status' | 'tries'>,
  { endpoint, underway }: { endpoint: Pick<Endpoint, 'status'>; underway: boolean },
): { do: 'deliver_again' | 'try_now' } | { do: 'refuse'; refusal: Refusal } {
  if (endpoint.status === 'disabled') return { do: 'refuse', refusal: refusal('endpoint_disabled') };
  // What is on its way already would only arrive twice.
  if (underway || (delivery.status === 'pending' && delivery.tries === 0)) {
    return { do: 'refuse', refusal: refusal('message_not_deliverable') };
  }
  return { do: delivery.status === 'pending' ? 'try_now' : 'deliver_again' };
}
