import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';

/** How a state looks: readable by its shape alone. */
export type MarkShape = 'ring' | 'half-ring' | 'dotted-ring' | 'dot' | 'square' | 'open-square' | 'cross';
export type MarkTone = 'quiet' | 'moving' | 'unsure' | 'safe' | 'high' | 'med' | 'low';

const COLOR: Record<MarkTone, string> = {
  quiet: 'text-ink-2',
  moving: 'text-moving-mark',
  unsure: 'text-unsure-mark',
  safe: 'text-safe-mark',
  high: 'text-high-mark',
  med: 'text-med-mark',
  low: 'text-low-mark',
};

interface MarkProps {
  shape: MarkShape;
  tone: MarkTone;
  size?: number;
}

/** The shape alone. Beside it there is always a word. */
export function Mark({ shape, tone, size = 9 }: MarkProps) {
  return (
    <svg
      aria-hidden="true"
      data-mark={shape}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      className={cx('shrink-0', COLOR[tone])}
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
    >
      {SHAPES[shape]}
    </svg>
  );
}

const SHAPES = {
  ring: <circle cx="5" cy="5" r="3.8" />,
  'half-ring': (
    <>
      <circle cx="5" cy="5" r="4" strokeWidth="1.8" />
      <path d="M5 1.2a3.8 3.8 0 0 0 0 7.6Z" fill="currentColor" stroke="none" />
    </>
  ),
  'dotted-ring': <circle cx="5" cy="5" r="3.8" strokeDasharray="1.9 2.08" />,
  dot: <circle cx="5" cy="5" r="4.8" fill="currentColor" stroke="none" />,
  square: <rect x="0.5" y="0.5" width="9" height="9" rx="1" fill="currentColor" stroke="none" />,
  'open-square': <rect x="1.3" y="1.3" width="7.4" height="7.4" rx="0.8" strokeWidth="2" />,
  cross: <path d="m1.8 1.8 6.4 6.4m0-6.4L1.8 8.2" />,
} satisfies Record<MarkShape, ReactNode>;

interface StatusMarkProps extends MarkProps {
  label: string;
}

/** A state: shape and word. */
export function StatusMark({ shape, tone, label }: StatusMarkProps) {
  return (
    <span className="inline-flex items-center gap-[7px] whitespace-nowrap">
      <Mark shape={shape} tone={tone} />
      {label}
    </span>
  );
}
