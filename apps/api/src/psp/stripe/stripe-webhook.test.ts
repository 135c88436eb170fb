import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { readStripeWebhook } from './stripe-webhook.ts';

const SECRET = 'whsec_of_the_test';
const NOW = new Date('2026-11-20T12:00:00Z');
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payout.failed',
  created: Date.parse('2026-11-20T11:59:58Z') / 1000,
  data: {
    object: {
      object: 'payout',
      id: 'po_1',
      status: 'failed',
      failure_code: 'account_closed',
      metadata: { attempt_id: 'at_1' },
    },
  },
};
const BODY = JSON.stringify(event);

function signed(payload: string, at = NOW, secret = SECRET): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at.getTime() / 1000 });
}

const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

it('reads a signed event', () => {
  expect(readStripeWebhook(BODY, signed(BODY), SECRET, NOW)).toEqual({
    providerEventId: 'evt_1',
    type: 'payout.failed',
    occurredAt: new Date('2026-11-20T11:59:58Z'),
    providerPayoutId: 'po_1',
    attemptId: 'at_1',
    status: 'failed',
    code: 'account_closed',
  });
});

it('reads a signed event about something else than a payout', () => {
  const other = JSON.stringify({ ...event, type: 'charge.failed', data: { object: { object: 'charge', id: 'ch_1' } } });
  expect(readStripeWebhook(other, signed(other), SECRET, NOW)).toMatchObject({
    type: 'charge.failed',
    providerPayoutId: null,
    attemptId: null,
    status: null,
  });
});

it.each([
  ['a wrong secret', BODY, signed(BODY, NOW, 'whsec_other')],
  ['a tampered body', BODY.replace('po_1', 'po_2'), signed(BODY)],
  ['a signature older than five minutes', BODY, signed(BODY, new Date(minutesAgo(5).getTime() - 1000))],
  ['no signature', BODY, undefined],
  ['an empty signature', BODY, ''],
  ['a signature that is none', BODY, 'hello'],
  ['a signed body that is not JSON', 'hello', signed('hello')],
  ['a signed body that is not an event', '{"object":"list"}', signed('{"object":"list"}')],
  ['a signed null', 'null', signed('null')],
  ['an empty body', '', signed('')],
])('refuses %s', (_name, body, header) => {
  expect(readStripeWebhook(body, header, SECRET, NOW)).toBeNull();
});

it('takes a signature of five minutes ago, and refuses every one when no secret is set', () => {
  expect(readStripeWebhook(BODY, signed(BODY, minutesAgo(5)), SECRET, NOW)).not.toBeNull();
  expect(readStripeWebhook(BODY, signed(BODY), '', NOW)).toBeNull();
});
