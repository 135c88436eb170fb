import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { CodeBox } from './code-box.tsx';
import { DELIVERY_LOOK } from './webhook-look.ts';
import type { DeliveryTry } from './webhook-wire.ts';
import { answerText } from './webhook-words.ts';

/** Every try, the last first: what it came to, and, opened, what was sent and what was answered. */
export function TryList({ tries }: { tries: readonly DeliveryTry[] }) {
  const t = useText();
  if (tries.length === 0) return <p className="text-sm text-quiet">{t('webhooks.delivery.noTries')}</p>;
  return (
    <ol className="flex flex-col">
      {tries.map((one, at) => (
        <li key={one.no} className="border-b border-line last:border-b-0">
          <details open={at === 0}>
            <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 rounded-xs py-1.5 text-sm">
              <span className="font-medium">{t('webhooks.delivery.try', { no: one.no })}</span>
              <Answer one={one} />
              <span className="ml-auto text-xs text-quiet">
                <RelativeTime at={one.at} />
              </span>
            </summary>
            <Details one={one} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Answer({ one }: { one: DeliveryTry }) {
  const t = useText();
  const arrived = one.statusCode !== null && one.statusCode >= 200 && one.statusCode < 300;
  return <StatusMark {...DELIVERY_LOOK[arrived ? 'delivered' : 'failing']} label={answerText(t, one) ?? ''} />;
}

function Details({ one }: { one: DeliveryTry }) {
  const t = useText();
  const format = useFormat();
  const headers = Object.entries(one.headers);
  return (
    <div className="flex flex-col gap-2 pb-3">
      <p className="text-xs text-quiet">
        {format.instant(one.at)} · {format.count(one.tookMs)} ms
      </p>
      <p className="text-xs break-all">
        <code>POST {one.url}</code>
      </p>
      <div>
        <h3 className="text-2xs font-medium text-quiet">{t('webhooks.delivery.requestHeaders')}</h3>
        <div className="text-xs [&_dd]:break-all">
          <DescriptionList
            items={headers.map(([name, value]) => ({
              term: <code>{name}</code>,
              detail: <code>{value}</code>,
              key: name,
            }))}
          />
        </div>
      </div>
      {one.statusCode !== null && (
        <div>
          <h3 className="text-2xs font-medium text-quiet">{t('webhooks.delivery.response')}</h3>
          {one.response ? (
            <CodeBox>{one.response}</CodeBox>
          ) : (
            <p className="text-xs text-quiet">{t('webhooks.delivery.noResponse')}</p>
          )}
        </div>
      )}
    </div>
  );
}
