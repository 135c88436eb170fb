import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';

export type RiskClass = 'LOW' | 'MED' | 'HIGH';

const LOOK = {
  LOW: { word: 'low', mark: 'text-low-mark', text: 'text-low', shape: <circle cx="5" cy="5" r="4.6" /> },
  MED: { word: 'med', mark: 'text-med-mark', text: 'text-med', shape: <path d="M5 .6 9.8 9.4H.2Z" /> },
  HIGH: {
    word: 'high',
    mark: 'text-high-mark',
    text: 'text-high',
    shape: <rect x="0.4" y="0.4" width="9.2" height="9.2" rx="0.8" />,
  },
} as const;

interface RiskMarkProps {
  risk: RiskClass;
  size?: 'sm' | 'lg';
}

/** A risk class: ● LOW, ▲ MED, ■ HIGH. Word, shape and colour say the same. */
export function RiskMark({ risk, size = 'sm' }: RiskMarkProps) {
  const t = useText();
  const { word, mark, text, shape } = LOOK[risk];
  const px = size === 'lg' ? 12 : 9;
  return (
    <span
      className={cx(
        'inline-flex items-center font-semibold whitespace-nowrap',
        size === 'lg' ? 'gap-2 text-xl' : 'gap-1.5 text-2xs tracking-wide',
        text,
      )}
    >
      <svg
        aria-hidden="true"
        data-mark={risk}
        width={px}
        height={px}
        viewBox="0 0 10 10"
        fill="currentColor"
        className={mark}
      >
        {shape}
      </svg>
      {t(`common.risk.${word}`)}
    </span>
  );
}
