import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';

/** How each status is drawn: the shape says it without the colour. */
export const STATUS_LOOK: Record<PayoutStatus, { shape: MarkShape; tone: MarkTone }> = {
  queued: { shape: 'ring', tone: 'quiet' },
  sending: { shape: 'dotted-ring', tone: 'moving' },
  unconfirmed: { shape: 'half-ring', tone: 'unsure' },
  in_transit: { shape: 'ring', tone: 'moving' },
  paid: { shape: 'dot', tone: 'safe' },
  failed: { shape: 'square', tone: 'high' },
  returned: { shape: 'square', tone: 'med' },
  held: { shape: 'open-square', tone: 'quiet' },
  canceled: { shape: 'cross', tone: 'quiet' },
};

/** Whether something is still to happen: what is paid or canceled rests. */
export function isOpenStatus(status: string): boolean {
  return status !== 'paid' && status !== 'canceled';
}

const PROVIDERS: Record<string, string> = { stripe: 'Stripe' };

/** A provider's name as people write it. */
export function providerName(provider: string): string {
  return PROVIDERS[provider] ?? provider;
}
