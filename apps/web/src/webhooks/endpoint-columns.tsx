import { type ReactNode, useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { DELIVERY_LOOK, deliveryState, ENDPOINT_LOOK, endpointState } from './webhook-look.ts';
import type { Endpoint } from './webhook-wire.ts';
import { answerText, arrivedShare, followsText, missingText } from './webhook-words.ts';

/** The columns of the list of endpoints. */
export function useEndpointColumns(): Column<Endpoint>[] {
  const t = useText();
  return useMemo(
    () => [
      {
        id: 'endpoint',
        header: t('webhooks.columns.endpoint'),
        min: 220,
        grow: 1,
        cell: (row) =>
          row.description === '' ? (
            <TwoLines first={<span className="font-medium">{hostOf(row.url)}</span>} second={row.url} />
          ) : (
            <TwoLines first={<span className="font-medium">{row.description}</span>} second={row.url} />
          ),
      },
      {
        id: 'follows',
        header: t('webhooks.columns.follows'),
        min: 120,
        drop: 3,
        cell: (row) => <span title={row.types.join(', ')}>{followsText(t, row.types)}</span>,
      },
      { id: 'state', header: t('webhooks.columns.state'), min: 160, cell: (row) => <State endpoint={row} /> },
      {
        id: 'last',
        header: t('webhooks.columns.last'),
        min: 180,
        drop: 1,
        cell: (row) => <Last endpoint={row} />,
      },
      { id: 'day', header: t('webhooks.columns.day'), min: 150, drop: 2, cell: (row) => <Day endpoint={row} /> },
      {
        id: 'missing',
        header: t('webhooks.columns.missing'),
        min: 190,
        cell: (row) => missingText(t, row) ?? <span className="text-quiet">{t('webhooks.missing.none')}</span>,
      },
    ],
    [t],
  );
}

/** What stands for an address in one short line. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="flex flex-col leading-[18px]">
      <span className="truncate">{first}</span>
      <span className="truncate text-xs text-quiet" title={typeof second === 'string' ? second : undefined}>
        {second}
      </span>
    </span>
  );
}

function State({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const state = endpointState(endpoint);
  const mark = <StatusMark {...ENDPOINT_LOOK[state]} label={t(`webhooks.state.${state}`)} />;
  const why =
    state === 'failing' && endpoint.failingSince
      ? t('webhooks.failingFor', { length: format.duration(now.getTime() - Date.parse(endpoint.failingSince)) })
      : endpoint.statusReason;
  return why ? <TwoLines first={mark} second={why} /> : mark;
}

function Last({ endpoint: { last } }: { endpoint: Endpoint }) {
  const t = useText();
  const tabIndex = useCellTabIndex();
  if (!last) return <span className="text-quiet">{t('webhooks.never')}</span>;
  const tried = last.statusCode !== null || last.error !== null;
  const state = deliveryState({ status: last.status, tries: tried ? 1 : 0 });
  return (
    <TwoLines
      first={<StatusMark {...DELIVERY_LOOK[state]} label={t(`webhooks.delivery.status.${state}`)} />}
      second={
        <>
          {answerText(t, last)}
          {tried && ' · '}
          <RelativeTime at={last.at} tabIndex={tabIndex} />
        </>
      }
    />
  );
}

function Day({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const format = useFormat();
  const share = arrivedShare(endpoint);
  if (share === null) return <span className="text-quiet">{t('webhooks.noDay')}</span>;
  return (
    <TwoLines
      first={t('webhooks.rate', { share: format.share(share) })}
      second={t('webhooks.rateOf', { count: endpoint.day.tried })}
    />
  );
}
