import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { ID_LINK } from '../audit/subject-path.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DescriptionList } from '../ui/description-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { CodeBox } from './code-box.tsx';
import { TryList } from './try-list.tsx';
import { useReplay } from './use-webhook-command.ts';
import { DELIVERY_LOOK, deliveryState } from './webhook-look.ts';
import { type Delivery, MAX_TRIES } from './webhook-wire.ts';
import { readable } from './webhook-words.ts';

/** One delivery beside the log: what became of it, what can be done, and each try as it was sent and answered. */
export function DeliveryPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText();
  const query = useQuery(trpc.webhooks.delivery.queryOptions({ id }));
  const { data: delivery, error } = query;
  return (
    <SidePanel label={t('webhooks.page.panel', { id })} subject={id} onClose={onClose} head={<IdText id={id} copy />}>
      {delivery ? (
        <Content key={id} delivery={delivery} />
      ) : error ? (
        <ErrorState
          error={error}
          {...(readFailure(error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 px-[18px] py-4">
          <Bar className="h-5! w-44" />
          <Bar className="w-64" />
          <Bar className="h-28! w-full" />
        </div>
      )}
    </SidePanel>
  );
}

function Content({ delivery }: { delivery: Delivery }) {
  const t = useText();
  const { row } = delivery;
  const replay = useReplay(row.id);
  const waits = row.status === 'pending' && row.tries > 0;
  useShortcut('r', 'act', 'webhooks.acts.replayShortcut', delivery.can.replay ? null : replay.run);
  return (
    <>
      <PanelSection>
        <p className="text-lg font-semibold break-words">
          <code className="text-[1em]">{row.type}</code>
        </p>
        <State delivery={delivery} />
        <div className="mt-3">
          <Button
            tone="primary"
            kbd="r"
            icon={<RotateCw aria-hidden="true" size={14} />}
            busy={replay.busy}
            whyNot={whyNot(t, delivery.can.replay)}
            onClick={replay.run}
          >
            {t(waits ? 'webhooks.acts.tryNow' : 'webhooks.acts.replay')}
          </Button>
        </div>
      </PanelSection>
      <PanelSection title={t('webhooks.delivery.tries')}>
        <TryList tries={delivery.tries} />
      </PanelSection>
      <PanelSection
        title={
          <span className="flex items-center justify-between">
            {t('webhooks.delivery.body')}
            <CopyButton value={delivery.body} label={t('webhooks.delivery.copyBody')} />
          </span>
        }
      >
        <CodeBox>{readable(delivery.body)}</CodeBox>
        <p className="mt-1 text-xs text-quiet">{t('webhooks.delivery.bodyHint')}</p>
      </PanelSection>
      <PanelSection>
        <Facts delivery={delivery} />
      </PanelSection>
      {delivery.others.length > 0 && (
        <PanelSection title={t('webhooks.delivery.others')}>
          <Others delivery={delivery} />
        </PanelSection>
      )}
    </>
  );
}

/** What became of it, and when it is tried next. */
function State({ delivery: { row } }: { delivery: Delivery }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const state = deliveryState(row);
  return (
    <p className="mt-1 flex flex-wrap items-baseline gap-x-2 text-sm">
      <StatusMark {...DELIVERY_LOOK[state]} label={t(`webhooks.delivery.status.${state}`)} />
      {row.givenUpWhy && (
        <span className="text-ink-2">{t(`webhooks.delivery.why.${row.givenUpWhy}`, { count: row.tries })}</span>
      )}
      {row.nextTryAt && row.tries > 0 && (
        <span className="text-ink-2" title={format.instant(row.nextTryAt)}>
          {t('webhooks.delivery.next', { when: format.relative(row.nextTryAt, now) })}
          <span className="text-quiet"> · {t('webhooks.delivery.nextOf', { no: row.tries + 1, max: MAX_TRIES })}</span>
        </span>
      )}
    </p>
  );
}

function Facts({ delivery: { row } }: { delivery: Delivery }) {
  const t = useText();
  const format = useFormat();
  return (
    <DescriptionList
      items={[
        { term: t('webhooks.delivery.message'), detail: <IdText id={row.messageId} copy /> },
        ...(row.payoutId
          ? [
              {
                term: t('webhooks.delivery.payout'),
                detail: (
                  <Link {...paths.payout(row.payoutId)} className={ID_LINK}>
                    <IdText id={row.payoutId} />
                  </Link>
                ),
              },
            ]
          : []),
        { term: t('webhooks.delivery.made'), detail: format.instant(row.createdAt) },
        ...(row.deliveredAt ? [{ term: t('webhooks.delivery.arrived'), detail: format.instant(row.deliveredAt) }] : []),
      ]}
    />
  );
}

/** The same message to the same endpoint, by other deliveries: what was replayed, and its replays. */
function Others({ delivery }: { delivery: Delivery }) {
  const t = useText();
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {delivery.others.map((other) => {
        const state = deliveryState({ status: other.status, tries: 0 });
        return (
          <li key={other.id} className="flex flex-wrap items-baseline gap-x-3">
            <Link {...paths.webhook(delivery.endpointId, { panel: other.id })} className={ID_LINK}>
              <IdText id={other.id} />
            </Link>
            <StatusMark {...DELIVERY_LOOK[state]} label={t(`webhooks.delivery.status.${state}`)} />
            <span className="ml-auto text-xs text-quiet">
              <RelativeTime at={other.createdAt} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
