import { AlarmClock } from 'lucide-react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { Button } from '../ui/button.tsx';
import { useSnooze } from './use-desk-command.ts';

/** The snooze in force; null when there is none, or its time has come. */
export function currentSnooze(row: PayoutRow, now: Date): { until: string; by: string } | null {
  const { snoozedUntil, snoozedBy } = row;
  return snoozedUntil && new Date(snoozedUntil) > now ? { until: snoozedUntil, by: snoozedBy ?? '' } : null;
}

/** That it is put aside, until when and by whom; and the way back. */
export function SnoozedMark({ row }: { row: PayoutRow }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const snooze = useSnooze(row.id);
  const current = currentSnooze(row, now);
  if (!current) return null;
  const when = format.instant(current.until);
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md border border-dashed border-line-strong px-3 py-2">
      <AlarmClock aria-hidden="true" size={14} className="shrink-0 text-ink-2" />
      <p className="min-w-0 flex-1">
        {t('collab.snooze.mark', { when, name: current.by })}{' '}
        <span className="text-quiet">({format.relative(current.until, now)})</span>
      </p>
      {row.can.snooze === null && (
        <Button busy={snooze.busy} onClick={() => snooze.rouse({ until: current.until })}>
          {t('collab.snooze.wake')}
        </Button>
      )}
    </div>
  );
}
