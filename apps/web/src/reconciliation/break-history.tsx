import type { RunOutcome } from '@countersign/api/src/reconciliation/break.store.ts';
import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { IdText } from '../ui/id-text.tsx';
import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';
import { Timeline, type TimelineItem } from '../ui/timeline.tsx';
import type { BreakDetail } from './reconciliation-wire.ts';

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

const LOOK: Record<RunOutcome, { shape: MarkShape; tone: MarkTone }> = {
  created: { shape: 'dot', tone: 'med' },
  carried: { shape: 'ring', tone: 'quiet' },
  reopened: { shape: 'dot', tone: 'med' },
  settled: { shape: 'ring', tone: 'safe' },
  cleared: { shape: 'dot', tone: 'safe' },
};

/** What each run did with it and what people did, oldest first, and the records that speak of it. */
export function BreakHistory({ detail }: { detail: BreakDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  const { row, history, overrides, payout } = detail;
  const note = row.note ? t('reconciliation.closed.note', { note: row.note }) : null;
  const accepted = row.resolution === 'accepted' && row.resolvedAt !== null;
  const items: TimelineItem[] = [
    ...history.map((one) => ({
      id: one.runId,
      at: one.at,
      title: t(`reconciliation.outcomes.${one.outcome}`),
      detail: (
        <Link {...paths.run(one.runId, { filter: 'all', panel: row.id })} className={LINK}>
          {t('reconciliation.history.run', { day: format.valueDate(one.on) })}
        </Link>
      ),
      ...LOOK[one.outcome],
    })),
    ...(row.escalatedAt
      ? [
          {
            id: 'escalated',
            at: row.escalatedAt,
            title: t('reconciliation.history.escalated'),
            detail: accepted ? null : note,
            shape: 'dot' as const,
            tone: 'high' as const,
          },
        ]
      : []),
    ...(accepted && row.resolvedAt
      ? [
          {
            id: 'accepted',
            at: row.resolvedAt,
            title: t('reconciliation.history.accepted', { who: row.resolvedBy ?? '' }),
            detail: note,
            shape: 'dot' as const,
            tone: 'safe' as const,
          },
        ]
      : []),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <>
      {/* Runs come once a day: the time between two of them is no silence. */}
      <Timeline items={items} gapMs={Number.POSITIVE_INFINITY} now={now} />
      <div className="mt-1 flex flex-col items-start gap-1">
        {payout && (
          <Link {...paths.payout(payout.id)} className={LINK}>
            {t('reconciliation.panel.payout')}
          </Link>
        )}
        {overrides.map((one) => (
          <Link key={one.id} {...paths.override(one.id)} className={LINK}>
            {t('reconciliation.panel.overrides')} · <IdText id={one.id} />
          </Link>
        ))}
        <Link {...paths.audit({ subject: row.id })} className={LINK}>
          {t('reconciliation.panel.audit')}
        </Link>
      </div>
    </>
  );
}
