import type { TimelineKind } from '@countersign/api/src/payouts/payout.store.ts';
import type { Text } from '../lib/i18n.ts';
import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';
import type { TimelineRow } from './payout-wire.ts';

/** A text among an event's data, which is JSON of any shape; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What happened, in a line. A kind newer than this page is said as it is. */
export function eventTitle(t: Text, event: TimelineRow, provider: string): string {
  const { actor, attemptNo, data } = event;
  const kind = event.kind as TimelineKind;
  switch (kind) {
    case 'requested':
    case 'noted':
    case 'snoozed':
    case 'woken':
    case 'retry_scheduled':
    case 'retry_waits':
    case 'retry_left':
    case 'retry_requested':
    case 'held':
    case 'released':
    case 'override_executed':
      return t(`payouts.event.${kind}`, { actor });
    case 'assigned':
      return assignedTitle(t, actor, textOf(data.to));
    case 'send_started':
      return t('payouts.event.send_started', { no: attemptNo ?? 1, provider });
    case 'accepted':
    case 'rejected':
    case 'never_left':
    case 'healed':
      return t(`payouts.event.${kind}`, { provider });
    case 'answer_lost':
      return t('payouts.event.answer_lost');
    case 'asked':
      return t(`payouts.event.asked_${askedAnswer(data.answer)}`, { provider });
    case 'provider_event':
      return t('payouts.event.provider_event', { provider, type: textOf(data.type) ?? '' });
    case 'check_requested':
      return t('payouts.event.check_requested', { actor, provider });
    default:
      return t('payouts.event.other', { kind: kind satisfies never as string, actor });
  }
}

function assignedTitle(t: Text, actor: string, to: string | null): string {
  if (to === null) return t('payouts.event.unassigned', { actor });
  return to === actor ? t('payouts.event.assigned', { actor }) : t('collab.event.given', { actor, to });
}

function askedAnswer(answer: unknown): 'found' | 'absent' | 'no_answer' {
  return answer === 'found' || answer === 'absent' ? answer : 'no_answer';
}

const TONES: Partial<Record<string, { shape: MarkShape; tone: MarkTone }>> = {
  paid: { shape: 'dot', tone: 'safe' },
  failed: { shape: 'dot', tone: 'high' },
  returned: { shape: 'dot', tone: 'med' },
  unconfirmed: { shape: 'dot', tone: 'unsure' },
};

/** Marks in colour only what changed the state for better or worse. */
export function eventLook({ from, to }: TimelineRow): { shape: MarkShape; tone: MarkTone } {
  const moved = to !== null && to !== from ? TONES[to] : undefined;
  return moved ?? { shape: 'ring', tone: 'quiet' };
}

/** Why an answer was lost, in a sentence; reasons without words as they are. */
export function lostText(t: Text, reason: string): string {
  switch (reason) {
    case 'timeout':
    case 'server_error':
    case 'connection_lost':
    case 'key_expired':
    case 'worker_lost':
      return t(`payouts.lost.${reason}`);
    default:
      return reason;
  }
}

/** Why somebody or something stopped a payout: the product's own reasons in words, a person's as it was written. */
export function holdText(t: Text, reason: string): string {
  return reason === 'provider_conflict' ? t('payouts.event.provider_conflict') : reason;
}

/** Why an answer led to no further send; null when there is nothing to say, or it is newer than this page. */
export function whyText(t: Text, why: unknown): string | null {
  switch (why) {
    case 'override_open':
    case 'earlier_attempt_moved':
    case 'sent_often':
      return t(`payouts.event.why.${why}`);
    default:
      return null;
  }
}
