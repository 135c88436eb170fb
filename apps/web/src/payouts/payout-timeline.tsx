import type { RefusalCode } from '@countersign/api/src/core/refusal.ts';
import { refusalReason } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import { Timeline, type TimelineItem } from '../ui/timeline.tsx';
import { failureCodeText } from './failure-code.ts';
import { isOpenStatus, providerName } from './payout-look.ts';
import type { PayoutDetail, TimelineRow } from './payout-wire.ts';
import { eventLook, eventTitle, holdText, lostText, textOf, whyText } from './timeline-words.ts';

const MINUTE_MS = 60_000;
const SILENCE_MS = 10 * MINUTE_MS;

/** What happened to a payout, with the silences in between. */
export function PayoutTimeline({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(MINUTE_MS);
  const provider = providerName(payout.row.provider);
  const items: TimelineItem[] = payout.timeline.map((event) => ({
    id: event.id,
    at: event.at,
    title: eventTitle(t, event, provider),
    detail: <EventDetail event={event} now={now} />,
    ...eventLook(event),
  }));
  const last = payout.timeline.at(-1);
  const silence = last ? now.getTime() - Date.parse(last.at) : 0;
  // What rests is silent for good; only what is open is waited for.
  const waited = isOpenStatus(payout.row.status) && silence >= SILENCE_MS;
  const end = waited ? t('collab.page.silent', { length: format.duration(silence) }) : undefined;
  return <Timeline items={items} now={now} end={end} />;
}

/** The second line: the key that was used, the code that came, why the answer was lost, when it is asked again. */
function EventDetail({ event, now }: { event: TimelineRow; now: Date }) {
  const t = useText();
  const format = useFormat();
  const key = textOf(event.data.providerKey);
  const code = textOf(event.data.code);
  const refused = event.kind === 'retry_waits' || event.kind === 'retry_left';
  // Why a look-up came to nothing is the connector's own English, for the raw record only.
  const reason = event.kind === 'asked' ? null : textOf(event.data.reason);
  const why = whyText(t, event.data.why);
  const nextCheck = textOf(event.data.nextCheckAt);
  const nextRetry = textOf(event.data.nextRetryAt);
  const excerpt = textOf(event.data.excerpt);
  const until = event.kind === 'snoozed' ? textOf(event.data.until) : null;
  const note = textOf(event.data.note);
  const parts = [
    ...(excerpt ? [<span key="excerpt">“{excerpt}”</span>] : []),
    ...(until ? [<span key="until">{t('collab.event.until', { when: format.instant(until) })}</span>] : []),
    ...(note ? [<span key="note">“{note}”</span>] : []),
    ...(key ? [<IdText key="key" id={key} />] : []),
    ...(code && refused ? [<span key="refused">{refusalReason(t, { code: code as RefusalCode })}</span>] : []),
    ...(code && !refused && event.kind !== 'retry_requested'
      ? [<span key="code">{failureCodeText(t, code)}</span>]
      : []),
    ...(reason
      ? [<span key="reason">{event.kind === 'answer_lost' ? lostText(t, reason) : holdText(t, reason)}</span>]
      : []),
    ...(event.data.conflict === true ? [<span key="conflict">{t('payouts.event.conflict')}</span>] : []),
    ...(why ? [<span key="why">{why}</span>] : []),
    ...(nextCheck && new Date(nextCheck) > now
      ? [<span key="next">{t('payouts.event.nextCheck', { when: format.relative(nextCheck, now) })}</span>]
      : []),
    ...(nextRetry
      ? [
          <span key="retry">
            {t('payouts.event.nextRetry', {
              no: Number(event.data.attemptNo),
              of: Number(event.data.of),
              when: format.relative(nextRetry, now),
            })}
          </span>,
        ]
      : []),
  ];
  if (parts.length === 0) return null;
  return <span className="flex flex-wrap gap-x-2">{parts}</span>;
}
