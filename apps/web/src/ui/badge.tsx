import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';

export type BadgeTone = 'neutral' | 'low' | 'med' | 'high' | 'safe' | 'unsure';

export const BADGE_TONES: Record<BadgeTone, string> = {
  neutral: 'bg-sunken text-ink-2',
  low: 'bg-low-soft text-low',
  med: 'bg-med-soft text-med',
  high: 'bg-high-soft text-high',
  safe: 'bg-safe-soft text-safe',
  unsure: 'bg-unsure-soft text-unsure',
};

interface BadgeProps {
  tone: BadgeTone;
  icon?: ReactNode;
  /** The part that is said first, in bold. */
  lead?: ReactNode;
  children?: ReactNode;
}

/** Attention as a sentence: "Stuck 42 min · no answer from Stripe". */
export function Badge({ tone, icon, lead, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-[22px] max-w-full items-center gap-1 rounded-sm px-1.5 text-xs whitespace-nowrap',
        BADGE_TONES[tone],
      )}
    >
      {icon}
      {lead && <span className="font-semibold">{lead}</span>}
      {children && (
        <span className="truncate">
          {lead && '· '}
          {children}
        </span>
      )}
    </span>
  );
}
