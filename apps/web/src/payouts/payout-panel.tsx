import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Maximize2 } from 'lucide-react';
import { PayoutNotes } from '../collab/payout-notes.tsx';
import { PresenceStrip } from '../collab/presence-strip.tsx';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { AttemptList } from './attempt-list.tsx';
import { MoneyTrail } from './money-trail.tsx';
import { PayoutActions } from './payout-actions.tsx';
import { PayoutDetails } from './payout-details.tsx';
import { PayoutHead } from './payout-head.tsx';
import { AuditLink, PayoutLinks } from './payout-links.tsx';
import { PayoutTimeline } from './payout-timeline.tsx';
import { ProviderEventList } from './provider-event-list.tsx';
import { RetrySafety } from './retry-safety.tsx';

interface PayoutPanelProps {
  id: string;
  onClose: () => void;
  onRetry: () => void;
}

/** One payout beside the list, in the order people ask: what is it, where is the money, is it safe to act, what happened. */
export function PayoutPanel({ id, onClose, onRetry }: PayoutPanelProps) {
  const t = useText();
  const query = useQuery(trpc.payouts.detail.queryOptions({ id }));
  const { data: payout, error } = query;
  return (
    <SidePanel
      label={t('payouts.panel.label', { id })}
      subject={id}
      onClose={onClose}
      head={
        <span className="flex items-center gap-1">
          <IdText id={id} copy />
          <Link
            {...paths.payout(id)}
            title={`${t('payouts.panel.openPage')} (o)`}
            aria-label={t('payouts.panel.openPage')}
            className="inline-flex size-6 items-center justify-center rounded-md text-quiet hover:bg-sunken hover:text-ink"
          >
            <Maximize2 aria-hidden="true" size={12} />
          </Link>
        </span>
      }
    >
      {payout ? (
        <>
          <PanelSection>
            <PresenceStrip payoutId={id} className="not-empty:mb-2.5" />
            <PayoutHead payout={payout} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.where')}>
            <MoneyTrail trail={payout.trail} row={payout.row} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.safe')}>
            <RetrySafety payout={payout} />
            <div className="mt-3">
              <PayoutActions payout={payout} onRetry={onRetry} />
            </div>
          </PanelSection>
          <PanelSection title={t('collab.notes.title')}>
            <PayoutNotes row={payout.row} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.timeline')}>
            <PayoutTimeline payout={payout} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.attempts')}>
            <AttemptList payout={payout} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.events')}>
            <ProviderEventList events={payout.events} />
          </PanelSection>
          <PanelSection title={t('payouts.panel.links')}>
            <PayoutLinks payout={payout}>
              <AuditLink id={id} />
            </PayoutLinks>
          </PanelSection>
          <PanelSection title={t('payouts.panel.details')}>
            <PayoutDetails payout={payout} />
          </PanelSection>
        </>
      ) : error ? (
        <ErrorState
          error={error}
          {...(readFailure(error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : (
        <Waiting />
      )}
    </SidePanel>
  );
}

function Waiting() {
  const t = useText();
  return (
    <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-4 px-[18px] py-5">
      <Bar className="h-5! w-44" />
      <Bar className="w-64" />
      <Bar className="mt-6 w-full" />
      <Bar className="w-56" />
      <Bar className="mt-6 h-28! w-full" />
    </div>
  );
}
