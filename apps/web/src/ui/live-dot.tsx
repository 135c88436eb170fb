import { cx } from '../lib/class-names.ts';

interface LiveDotProps {
  tone: 'live' | 'waiting' | 'lost';
  children: string;
}

const TONE = { live: 'bg-safe-mark', waiting: 'breathing bg-quiet', lost: 'bg-high-mark rounded-none!' };

/** Whether the screen follows the server: a dot, and the words that say the same where the navigation has room. */
export function LiveDot({ tone, children }: LiveDotProps) {
  return (
    <span className="inline-flex items-center gap-2 text-xs text-quiet">
      <span aria-hidden="true" data-mark={tone} className={cx('size-[7px] shrink-0 rounded-full', TONE[tone])} />
      <span className="max-lg:sr-only">{children}</span>
    </span>
  );
}
