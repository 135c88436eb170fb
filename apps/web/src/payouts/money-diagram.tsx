import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { type Leg, legOf } from './money-legs.ts';
import { STEP_LOOK } from './money-trail.tsx';
import { providerName } from './payout-look.ts';
import type { PayoutRow, TrailStep } from './payout-wire.ts';

interface MoneyDiagramProps {
  trail: readonly TrailStep[];
  row: PayoutRow;
}

/**
 * Where the money is, drawn with room: four places with what the books hold there, and the ways between them. Drawn of
 * ordinary text, so that it is read aloud, grows with the font and follows the theme.
 */
export function MoneyDiagram({ trail, row }: MoneyDiagramProps) {
  const t = useText();
  const provider = providerName(row.provider);
  return (
    <figure className="rounded-lg border border-line bg-paper px-5 py-4 max-lg:px-4">
      <ol aria-label={t('collab.trail.label')} className="flex max-sm:flex-col max-sm:gap-3">
        {trail.map((step, index) => {
          const before = trail[index - 1];
          return (
            <li key={step.place} className={cx('flex min-w-0', index > 0 && 'flex-1')}>
              {before && <Way leg={legOf(before, step)} />}
              <Place step={step} row={row} name={t(`payouts.trail.place.${step.place}`, { provider })} />
            </li>
          );
        })}
      </ol>
      <figcaption className="mt-3 text-ink-2">
        {t(`collab.trail.note.${row.status as PayoutStatus}`, { provider })}
      </figcaption>
    </figure>
  );
}

function Place({ step, row, name }: { step: TrailStep; row: PayoutRow; name: string }) {
  const t = useText();
  const { state, amountMinor } = step;
  const nothing = state === 'not_yet';
  return (
    <div
      className={cx(
        'w-[148px] shrink-0 rounded-md border bg-panel px-3 py-2 max-xl:w-[118px] max-xl:px-2.5 max-sm:w-full',
        state === 'here' ? 'border-safe-mark' : state === 'unknown' ? 'border-unsure-mark' : 'border-line',
        nothing && 'border-dashed',
      )}
    >
      <p className="flex items-center gap-2">
        <Mark {...STEP_LOOK[state]} size={10} />
        <span className="truncate font-medium">{name}</span>
      </p>
      <p className={cx('mt-0.5 truncate text-md', nothing ? 'text-quiet' : 'text-ink')}>
        {amountMinor === null ? '–' : <MoneyText bare money={{ amountMinor, currency: row.currency }} />}
      </p>
      <p className={cx('text-xs', state === 'unknown' ? 'text-unsure' : 'text-quiet')}>
        {t(`payouts.trail.state.${state}`)}
      </p>
    </div>
  );
}

const WAY: Record<Leg, { line: string; words: string }> = {
  moved: { line: 'stroke-safe-mark', words: 'text-ink-2' },
  unknown: { line: 'stroke-unsure-mark [stroke-dasharray:1_5]', words: 'text-unsure' },
  not_yet: { line: 'stroke-line-strong [stroke-dasharray:4_4]', words: 'text-quiet' },
  back: { line: 'stroke-med-mark', words: 'text-med' },
};

/** An arrow, with what is known of the way: whole where the money went, broken where it has not, dotted where nobody knows. */
function Way({ leg }: { leg: Leg }) {
  const t = useText();
  const { line, words } = WAY[leg];
  return (
    <div className="flex min-w-12 flex-1 flex-col justify-center px-1.5 max-sm:hidden">
      <span className={cx('mb-1 text-center text-2xs leading-tight text-balance', words)}>
        {t(`collab.trail.${leg}`)}
      </span>
      <svg
        aria-hidden="true"
        data-mark={leg}
        className={cx('h-2.5 w-full overflow-visible', line)}
        fill="none"
        strokeWidth="1.6"
      >
        <line x1="0" y1="5" x2="100%" y2="5" strokeLinecap="round" />
        {leg === 'back' ? (
          <path d="M5 1 0 5l5 4" strokeDasharray="none" />
        ) : (
          <svg x="100%" className="overflow-visible" aria-hidden="true">
            <path d="M-5 1 0 5l-5 4" strokeDasharray="none" />
          </svg>
        )}
      </svg>
      {/* Keeps the line at the middle of the places. */}
      <span aria-hidden="true" className="mt-1 text-2xs leading-tight">
        &nbsp;
      </span>
    </div>
  );
}
