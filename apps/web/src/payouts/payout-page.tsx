import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { AttemptList } from './attempt-list.tsx';
import { MoneyTrail } from './money-trail.tsx';
import { PayoutActions } from './payout-actions.tsx';
import { PayoutDetails } from './payout-details.tsx';
import { PayoutHead } from './payout-head.tsx';
import { PayoutLinks } from './payout-links.tsx';
import { PayoutTimeline } from './payout-timeline.tsx';
import type { PayoutDetail } from './payout-wire.ts';
import { ProviderEventList } from './provider-event-list.tsx';
import { RetrySafety } from './retry-safety.tsx';

const RetryPayoutDialog = lazy(() =>
  import('./retry-payout-dialog.tsx').then((file) => ({ default: file.RetryPayoutDialog })),
);

/** One payout on a page of its own: the panel's sections, with room. */
export function PayoutPage() {
  const t = useText();
  const { id } = useParams({ from: '/shell/payouts/$id' });
  const query = useQuery(trpc.payouts.detail.queryOptions({ id }));
  return (
    <>
      <PageTitle title={t('payouts.kind.payout')} detail={<IdText id={id} copy />} />
      {query.data ? (
        <Content payout={query.data} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </>
  );
}

function Content({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const [retrying, setRetrying] = useState(false);
  useShortcut('r', 'act', 'payouts.retry.shortcut', () => setRetrying(true));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-[1180px] grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-12 px-6 py-5 max-lg:grid-cols-1">
        <div>
          <Link
            {...paths.payouts()}
            className="mb-3 inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink"
          >
            <ArrowLeft aria-hidden="true" size={13} />
            {t('payouts.page.back')}
          </Link>
          <PayoutHead payout={payout} />
          <Section title={t('payouts.panel.where')}>
            <MoneyTrail trail={payout.trail} row={payout.row} />
          </Section>
          <Section title={t('payouts.panel.safe')}>
            <RetrySafety payout={payout} />
            <div className="mt-3">
              <PayoutActions payout={payout} onRetry={() => setRetrying(true)} />
            </div>
          </Section>
          <Section title={t('payouts.panel.attempts')}>
            <AttemptList attempts={payout.attempts} />
          </Section>
          <Section title={t('payouts.panel.details')}>
            <PayoutDetails payout={payout} />
          </Section>
        </div>
        <div>
          <Section title={t('payouts.panel.timeline')}>
            <PayoutTimeline payout={payout} />
          </Section>
          <Section title={t('payouts.panel.events')}>
            <ProviderEventList events={payout.events} />
          </Section>
          <Section title={t('payouts.panel.links')}>
            <PayoutLinks payout={payout} />
          </Section>
        </div>
      </div>
      {retrying && (
        <Suspense>
          <RetryPayoutDialog payoutId={payout.row.id} onClose={() => setRetrying(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-6">
      <h2 className="mb-2 border-b border-line pb-1 text-2xs font-medium text-quiet">{title}</h2>
      {children}
    </section>
  );
}
