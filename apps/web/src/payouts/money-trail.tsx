import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { Mark, type MarkShape, type MarkTone } from '../ui/status-mark.tsx';
import { providerName } from './payout-look.ts';
import type { PayoutRow, TrailStep } from './payout-wire.ts';

/** How each state of a place is drawn. */
export const STEP_LOOK: Record<TrailStep['state'], { shape: MarkShape; tone: MarkTone }> = {
  left: { shape: 'dot', tone: 'safe' },
  passed: { shape: 'dot', tone: 'safe' },
  here: { shape: 'dot', tone: 'safe' },
  unknown: { shape: 'half-ring', tone: 'unsure' },
  not_yet: { shape: 'ring', tone: 'quiet' },
  returned: { shape: 'square', tone: 'med' },
};

interface MoneyTrailProps {
  trail: readonly TrailStep[];
  row: PayoutRow;
}

/** Where the money is, in the order it travels. A whole line: it certainly came this far; a dashed one: not known, or not yet. */
export function MoneyTrail({ trail, row }: MoneyTrailProps) {
  const t = useText();
  return (
    <ol className="flex">
      {trail.map((step, index) => {
        const next = trail[index + 1];
        const sure = next && ['here', 'passed', 'left'].includes(next.state);
        return (
          <li key={step.place} className="min-w-0 flex-1 last:flex-none">
            <span className="flex h-3 items-center gap-1" aria-hidden="true">
              <Mark {...STEP_LOOK[step.state]} size={10} />
              {next && (
                <span
                  className={cx('mr-1 flex-1 border-t', sure ? 'border-safe-mark' : 'border-dashed border-line-strong')}
                />
              )}
            </span>
            <p className="mt-1 text-xs text-ink-2">
              {t(`payouts.trail.place.${step.place}`, { provider: providerName(row.provider) })}
            </p>
            <p className="text-xs">
              {step.amountMinor === null ? (
                <span className={step.state === 'unknown' ? 'text-unsure' : 'text-quiet'}>
                  {t(`payouts.trail.state.${step.state}`)}
                </span>
              ) : (
                <>
                  <MoneyText bare money={{ amountMinor: step.amountMinor, currency: row.currency }} />
                  <span className="sr-only"> {t(`payouts.trail.state.${step.state}`)}</span>
                </>
              )}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
