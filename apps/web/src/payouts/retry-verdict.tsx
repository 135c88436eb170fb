import { Ban, CircleQuestionMark, ShieldCheck, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';

const LOOK = {
  safe: { icon: ShieldCheck, box: 'border-safe-mark bg-safe-soft', title: 'text-safe' },
  check_first: { icon: CircleQuestionMark, box: 'border-med-mark bg-med-soft', title: 'text-med' },
  unsafe: { icon: ShieldX, box: 'border-high-mark bg-high-soft', title: 'text-high' },
  blocked: { icon: Ban, box: 'border-line-strong bg-sunken', title: 'text-ink-2' },
} as const;

interface RetryVerdictProps {
  verdict: keyof typeof LOOK;
  title: string;
  children: ReactNode;
}

/** The frame of a verdict on a retry: its shape and colour, its words, and what it rests on. */
export function RetryVerdict({ verdict, title, children }: RetryVerdictProps) {
  const { icon: Icon, box, title: tone } = LOOK[verdict];
  return (
    <div className={cx('rounded-md border px-3.5 py-3', box)}>
      <p className={cx('mb-1.5 flex items-center gap-2 font-semibold', tone)}>
        <Icon aria-hidden="true" size={15} className="shrink-0" />
        {title}
      </p>
      {children}
    </div>
  );
}
