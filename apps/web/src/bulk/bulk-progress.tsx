import { useMemo } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { OutcomeMark } from './bulk-groups.tsx';
import { OUTCOMES, type Outcome } from './bulk-outcomes.ts';
import type { BulkDetail } from './bulk-wire.ts';

const FILL: Record<Outcome, string> = {
  done: 'bg-safe-mark',
  skipped: 'bg-line-strong',
  failed: 'bg-high-mark',
  canceled: 'bg-quiet',
};

/** How far it is: a bar of what ended and how, with the same in words. */
export function BulkProgress({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const format = useFormat();
  const { run } = detail;
  const { progress } = run;
  const share = (count: number): string => `${(100 * count) / Math.max(1, progress.total)}%`;
  const words = t('bulk.run.counts', { ended: format.count(progress.ended), total: format.count(progress.total) });
  // Said at every tenth and at the end, and not at every payout: a screen reader would never stop.
  const tenth = Math.floor((10 * progress.ended) / Math.max(1, progress.total));
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is said anew at each tenth
  const announced = useMemo(
    () => t('bulk.run.announce', { ended: format.count(progress.ended), total: format.count(progress.total) }),
    [tenth, run.status],
  );
  return (
    <div>
      <div className="flex items-baseline justify-between">
        <span className="text-2xs font-medium text-quiet">{t('bulk.run.progress')}</span>
        <span className="font-medium tabular-nums">{words}</span>
      </div>
      <div
        role="progressbar"
        aria-label={t('bulk.run.progress')}
        aria-valuemin={0}
        aria-valuemax={progress.total}
        aria-valuenow={progress.ended}
        aria-valuetext={words}
        className="mt-1.5 flex h-2 overflow-hidden rounded-full bg-sunken outline outline-line"
      >
        {OUTCOMES.map((outcome) => (
          <span
            key={outcome}
            style={{ width: share(progress.counts[outcome]) }}
            className={cx('h-full transition-[width] duration-300 motion-reduce:transition-none', FILL[outcome])}
          />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
        {OUTCOMES.filter((outcome) => progress.counts[outcome] > 0 || outcome === 'done').map((outcome) => (
          <li key={outcome} className="inline-flex items-baseline gap-1.5">
            <OutcomeMark outcome={outcome} />
            <span className="font-medium tabular-nums">{format.count(progress.counts[outcome])}</span>
          </li>
        ))}
      </ul>
      <p role="status" className="sr-only">
        {announced}
      </p>
    </div>
  );
}
