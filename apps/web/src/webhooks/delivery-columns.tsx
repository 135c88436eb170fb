import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ID_LINK } from '../audit/subject-path.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { IdText } from '../ui/id-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { DELIVERY_LOOK, deliveryState } from './webhook-look.ts';
import type { DeliveryRow } from './webhook-wire.ts';
import { answerText } from './webhook-words.ts';

export type ShownDelivery = DeliveryRow & { gone: boolean };

/** The columns of an endpoint's log. */
export function useDeliveryColumns(): Column<ShownDelivery>[] {
  const t = useText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'when',
        header: t('webhooks.logColumns.when'),
        min: 108,
        tight: 96,
        cell: (row) => <Made at={row.createdAt} />,
      },
      {
        id: 'type',
        header: t('webhooks.logColumns.type'),
        min: 190,
        tight: 156,
        grow: 0.6,
        cell: (row) => (
          <span className="flex items-baseline gap-2">
            <code>{row.type}</code>
            {row.replay && <span className="text-xs text-quiet">{t('webhooks.delivery.replayed')}</span>}
          </span>
        ),
      },
      {
        id: 'payout',
        header: t('webhooks.logColumns.payout'),
        min: 130,
        drop: 2,
        cell: (row) => row.payoutId && <PayoutLink id={row.payoutId} />,
      },
      {
        id: 'state',
        header: t('webhooks.logColumns.state'),
        min: 180,
        tight: 170,
        cell: (row) => {
          const state = deliveryState(row);
          return <StatusMark {...DELIVERY_LOOK[state]} label={t(`webhooks.delivery.status.${state}`)} />;
        },
      },
      {
        id: 'answer',
        header: t('webhooks.logColumns.answer'),
        min: 170,
        grow: 1,
        drop: 1,
        cell: (row) => {
          const answer = answerText(t, row);
          return (
            <span className="block truncate text-ink-2" title={answer ?? undefined}>
              {answer ?? <span className="text-quiet">{t('webhooks.delivery.none')}</span>}
            </span>
          );
        },
      },
      {
        id: 'tries',
        header: t('webhooks.logColumns.tries'),
        min: 72,
        align: 'end',
        drop: 3,
        cell: (row) => format.count(row.tries),
      },
    ],
    [t, format],
  );
}

function Made({ at }: { at: string }) {
  return <RelativeTime at={at} tabIndex={useCellTabIndex()} />;
}

function PayoutLink({ id }: { id: string }) {
  return (
    <Link
      {...paths.payout(id)}
      tabIndex={useCellTabIndex()}
      className={ID_LINK}
      onClick={(event) => event.stopPropagation()}
    >
      <IdText id={id} />
    </Link>
  );
}
