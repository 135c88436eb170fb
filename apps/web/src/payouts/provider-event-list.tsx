import { ShieldCheck } from 'lucide-react';
import { type Text, type TextKey, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
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
            <span className="text-ink-2">{outcomeText(t, event.outcome)}</span>
          </p>
          <p className="flex flex-wrap items-center gap-x-2 text-xs text-quiet">
            <Tooltip content={t('collab.events.verifiedHint')}>
              <button type="button" className="inline-flex cursor-help items-center gap-1 rounded-xs text-safe">
                <ShieldCheck aria-hidden="true" size={12} />
                {t('collab.events.verified')}
              </button>
            </Tooltip>
            <span>{t('payouts.providerEvent.happened', { when: format.instant(event.occurredAt) })}</span>
            <span>{t('collab.events.received', { when: format.instant(event.receivedAt) })}</span>
            {event.timesReceived > 1 && <span>{t('payouts.providerEvent.times', { count: event.timesReceived })}</span>}
            <IdText id={event.providerEventId} copy />
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

/** What an event did, in the person's words; an outcome newer than this page as it is. */
function outcomeText(t: Text, outcome: string): string {
  const key = `collab.events.outcome.${outcome}` as Extract<TextKey, `collab.events.outcome.${string}`>;
  const words = t(key);
  return words === key ? outcome : words;
}

/** The event indented; text that is no JSON as it came. */
function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
