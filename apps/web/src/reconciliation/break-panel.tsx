import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { RiskMark } from '../ui/risk-mark.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { BreakClosed } from './break-closed.tsx';
import { BreakHistory } from './break-history.tsx';
import { BreakNext } from './break-next.tsx';
import { BreakRecords } from './break-records.tsx';
import { BreakSides } from './break-sides.tsx';
import { BreakWhy } from './break-why.tsx';
import type { BreakDetail } from './reconciliation-wire.ts';
import { refreshReconciliation } from './use-break-command.ts';

interface BreakPanelProps {
  id: string;
  onClose: () => void;
  onRetry: (payoutId: string) => void;
}

/** One break beside the report, in the order people ask: what is it, who says what, why this class, what to do. */
export function BreakPanel({ id, onClose, onRetry }: BreakPanelProps) {
  const t = useText();
  const query = useQuery(trpc.reconciliation.break.queryOptions({ id }));
  const detail = query.data;
  useFollowPayout(detail);
  return (
    <SidePanel
      label={t('reconciliation.panel.label', { id })}
      subject={id}
      onClose={onClose}
      head={<IdText id={id} copy />}
    >
      {detail ? (
        <>
          <PanelSection>
            <Head detail={detail} />
          </PanelSection>
          <PanelSection title={t('reconciliation.panel.sides')}>
            <BreakSides detail={detail} />
          </PanelSection>
          <PanelSection title={t('reconciliation.panel.why', { risk: t(`common.risk.${RISK_WORD[detail.row.risk]}`) })}>
            <BreakWhy detail={detail} />
          </PanelSection>
          {detail.row.resolution === null ? (
            <PanelSection title={t('reconciliation.panel.next')}>
              <BreakNext key={id} detail={detail} onRetry={onRetry} />
            </PanelSection>
          ) : (
            <PanelSection title={t('reconciliation.closed.title')}>
              <BreakClosed detail={detail} resolution={detail.row.resolution} />
            </PanelSection>
          )}
          <BreakRecords detail={detail} />
          <PanelSection title={t('reconciliation.panel.history')}>
            <BreakHistory detail={detail} />
          </PanelSection>
        </>
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-4 px-[18px] py-4">
          <Bar className="h-5! w-52" />
          <Bar className="w-64" />
          <Bar className="mt-3 h-24! w-full" />
          <Bar className="mt-3 w-full" />
          <Bar className="w-56" />
        </div>
      )}
    </SidePanel>
  );
}

const RISK_WORD = { LOW: 'low', MED: 'med', HIGH: 'high' } as const;

function Head({ detail: { row } }: { detail: BreakDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const notes = [
    row.periodOn ? format.valueDate(row.periodOn) : t('reconciliation.panel.standing'),
    ...(row.assignee ? [t('reconciliation.panel.with', { name: row.assignee.name })] : []),
    ...(row.escalatedAt ? [t('reconciliation.panel.escalated', { when: format.relative(row.escalatedAt, now) })] : []),
  ];
  return (
    <>
      <p className="flex items-center gap-2.5 text-md font-semibold">
        <RiskMark risk={row.risk} />
        {t(`reconciliation.types.${row.type}`)}
      </p>
      <p className="mt-0.5 text-ink-2 first-letter:uppercase">{t(`reconciliation.details.${row.detail}`)}</p>
      <p className="mt-0.5 text-quiet first-letter:uppercase">{notes.join(' · ')}</p>
    </>
  );
}

/**
 * What is recommended follows from the payout, and news of a payout makes only payouts old. So the payout is followed
 * here, and the break is read again when it has moved on.
 */
function useFollowPayout(detail: BreakDetail | undefined): void {
  const payout = detail?.payout;
  const followed = useQuery({
    ...trpc.payouts.detail.queryOptions({ id: payout?.id ?? '' }),
    enabled: payout !== undefined && payout !== null,
  }).data;
  const moved = followed !== undefined && payout?.id === followed.row.id && payout.version < followed.row.version;
  useEffect(() => {
    if (moved) void refreshReconciliation();
  }, [moved]);
}
