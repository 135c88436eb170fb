import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import type { ProviderEventRow } from './payout-wire.ts';

/** What the provider told us by itself, with the raw event as it came. */
export function ProviderEventList({ events }: { events: readonly ProviderEventRow[] }) {
  const t = useText();
  const format = useFormat();
  if (events.length === 0) return <p className="text-quiet">{t('payouts.panel.none')}</p>;
  return (
    <ul className="flex flex-col gap-3">
      {events.map((event) => (
        <li key={event.id}>
          <p className="flex flex-wrap items-baseline gap-x-2.5">
            <strong className="font-semibold">{event.type}</strong>
            <span className="text-quiet">{format.instant(event.receivedAt)}</span>
          </p>
          <p className="text-xs text-quiet">
            <IdText id={event.providerEventId} copy /> · {event.outcome} ·{' '}
            {t('payouts.providerEvent.times', { count: event.timesReceived })} ·{' '}
            {t('payouts.providerEvent.happened', { when: format.instant(event.occurredAt) })}
          </p>
          <details>
            <summary className="inline-block min-h-6 rounded-xs text-xs text-ink-2 hover:text-ink">
              {t('payouts.providerEvent.raw')}
            </summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
            <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto rounded-md bg-sunken p-2.5 whitespace-pre-wrap">
              {pretty(event.raw)}
            </pre>
          </details>
        </li>
      ))}
    </ul>
  );
}

/** The event indented; text that is no JSON as it came. */
function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
