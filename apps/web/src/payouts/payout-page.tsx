import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { PayoutNotes } from '../collab/payout-notes.tsx';
import { PresenceStrip } from '../collab/presence-strip.tsx';
import { readFailure } from '../lib/failure.ts';
import { useText, withTexts } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { Bar, SkeletonRows } from '../ui/skeleton-rows.tsx';
import { AttemptList } from './attempt-list.tsx';
import { MoneyDiagram } from './money-diagram.tsx';
import { PayoutActions } from './payout-actions.tsx';
import { PayoutDetails } from './payout-details.tsx';
import { PayoutHead } from './payout-head.tsx';
import { AuditLink, PayoutLinks } from './payout-links.tsx';
import { PayoutTimeline } from './payout-timeline.tsx';
import type { PayoutDetail } from './payout-wire.ts';
import { ProviderEventList } from './provider-event-list.tsx';
import { RetrySafety } from './retry-safety.tsx';

const RetryPayoutDialog = lazy(() =>
  import('./retry-payout-dialog.tsx').then((file) => ({ default: file.RetryPayoutDialog })),
);
const PayoutJournal = lazy(() =>
  withTexts(['overrides'], import('./payout-journal.tsx')).then((file) => ({ default: file.PayoutJournal })),
);
const PayoutAudit = lazy(() =>
  withTexts(['audit'], import('./payout-audit.tsx')).then((file) => ({ default: file.PayoutAudit })),
);

/** One payout on a page of its own: everything that is known of it, with room. */
export function PayoutPage() {
  const t = useText();
  const { id } = useParams({ from: '/shell/payouts/$id' });
  const query = useQuery(trpc.payouts.detail.queryOptions({ id }));
  const kind = query.data?.row.kind ?? 'payout';
  return (
    <>
      <PageTitle title={t(`payouts.kind.${kind}`)} detail={<IdText id={id} copy />} />
      {query.data ? (
        <Content payout={query.data} />
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
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
  const { row } = payout;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div className="min-h-0 flex-1 overflow-y-auto -outline-offset-2" tabIndex={0}>
      <div className="mx-auto max-w-[1240px] px-6 pt-4 pb-10">
        <Link {...paths.payouts()} className="mb-2 inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink">
          <ArrowLeft aria-hidden="true" size={13} />
          {t('payouts.page.back')}
        </Link>
        <div className="flex flex-wrap items-start gap-x-8 gap-y-2">
          <div className="min-w-0 flex-1">
            <PayoutHead payout={payout} />
          </div>
          <PresenceStrip payoutId={row.id} className="pt-1" />
        </div>
        <div className="mt-4">
          <PayoutActions payout={payout} onRetry={() => setRetrying(true)} />
        </div>
        <Section title={t('payouts.panel.where')}>
          <MoneyDiagram trail={payout.trail} row={row} />
        </Section>
        <div className="grid grid-cols-[minmax(0,1.55fr)_minmax(300px,1fr)] gap-x-10 max-lg:grid-cols-1">
          <Story payout={payout} />
          <Aside payout={payout} />
        </div>
      </div>
      {retrying && (
        <Suspense>
          <RetryPayoutDialog payoutId={row.id} onClose={() => setRetrying(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Is it safe to act, and what happened: what the machines know. */
function Story({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  return (
    <div className="min-w-0">
      <Section title={t('payouts.panel.safe')}>
        <RetrySafety payout={payout} />
      </Section>
      <Section title={t('payouts.panel.timeline')}>
        <PayoutTimeline payout={payout} />
      </Section>
      <Section title={t('payouts.panel.attempts')}>
        <AttemptList payout={payout} />
      </Section>
      <Section title={t('payouts.panel.events')}>
        <ProviderEventList events={payout.events} />
      </Section>
      <Section title={t('collab.page.entries')}>
        <Suspense fallback={<Bar className="w-64" />}>
          <PayoutJournal id={payout.row.id} />
        </Suspense>
      </Section>
    </div>
  );
}

/** What people know of it, and what else speaks of it. */
function Aside({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const may = useMay();
  return (
    <div className="min-w-0">
      <Section title={t('collab.notes.title')}>
        <PayoutNotes row={payout.row} />
      </Section>
      <Section title={t('payouts.panel.details')}>
        <PayoutDetails payout={payout} />
      </Section>
      <Section title={t('payouts.panel.links')}>
        <PayoutLinks payout={payout} />
      </Section>
      <Section title={t('collab.page.audit')}>
        {may('audit:read') ? (
          <div className="flex flex-col gap-2">
            <Suspense fallback={<Bar className="w-56" />}>
              <PayoutAudit id={payout.row.id} />
            </Suspense>
            <AuditLink id={payout.row.id}>{t('collab.page.auditAll')}</AuditLink>
          </div>
        ) : (
          <p className="text-quiet">{t('collab.page.auditForbidden')}</p>
        )}
      </Section>
      <Section title={t('collab.page.raw')}>
        <RawRecord payout={payout} />
      </Section>
    </div>
  );
}

/** What the page was made from, for whoever wants to be sure. Written out only when it is opened. */
function RawRecord({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const json = open ? JSON.stringify(payout, null, 2) : '';
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-6 rounded-xs text-ink-2 hover:text-ink">{t('collab.page.rawLead')}</summary>
      {open && (
        <div className="relative mt-2">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <pre tabIndex={0} className="max-h-96 overflow-auto rounded-md bg-sunken p-3 pr-10">
            {json}
          </pre>
          <div className="absolute top-1.5 right-1.5">
            <CopyButton value={json} label={t('collab.page.copyRaw')} />
          </div>
        </div>
      )}
    </details>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-7">
      <h2 id={id} className="mb-2.5 border-b border-line pb-1 text-2xs font-medium text-quiet">
        {title}
      </h2>
      {children}
    </section>
  );
}
