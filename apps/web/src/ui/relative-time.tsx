import { useNow } from '../lib/now.ts';
import { type Instant, useFormat } from '../lib/use-format.ts';
import { Tooltip } from './tooltip.tsx';

interface RelativeTimeProps {
  at: Instant;
  /** In a grid's row: reached with the arrow keys, not with Tab. */
  tabIndex?: number;
}

/** How long ago, with the instant itself on focus and hover. */
export function RelativeTime({ at, tabIndex = 0 }: RelativeTimeProps) {
  const now = useNow();
  const format = useFormat();
  const iso = typeof at === 'string' ? at : at.toISOString();
  return (
    <Tooltip content={() => format.instant(at)}>
      {/* Focus is how the keyboard reads the instant itself. */}
      <time dateTime={iso} tabIndex={tabIndex} className="rounded-xs whitespace-nowrap">
        {format.relative(at, now)}
      </time>
    </Tooltip>
  );
}
