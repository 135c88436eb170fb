import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';

interface SkeletonRowsProps {
  rows?: number;
  /** Rows that carry a second line. */
  tall?: boolean;
}

/** Widths differ from row to row in a fixed pattern: shaped like text, and the same on every render. */
const WIDTHS = ['w-40', 'w-28', 'w-36', 'w-24', 'w-44', 'w-32'];

/** Rows that are on their way, of the height they will have: nothing jumps when they come. */
export function SkeletonRows({ rows = 14, tall = false }: SkeletonRowsProps) {
  const t = useText();
  return (
    <div role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
          key={row}
          className={cx('flex items-center gap-6 border-b border-line px-2.5', tall ? 'h-(--row-tall)' : 'h-(--row)')}
        >
          <Bar className="w-20 shrink-0" />
          <Bar className={WIDTHS[row % WIDTHS.length] ?? 'w-32'} />
          <span className="ml-auto flex w-24 shrink-0 justify-end">
            <Bar className={row % 2 === 0 ? 'w-20' : 'w-16'} />
          </span>
          <Bar className="w-20 shrink-0" />
          <span className="w-60 shrink-0 max-lg:hidden">
            <Bar className={row % 3 === 0 ? 'w-48' : 'w-36'} />
          </span>
        </div>
      ))}
    </div>
  );
}

/** A line of text that is on its way. */
export function Bar({ className }: { className: string }) {
  return <span aria-hidden="true" className={cx('breathing block h-2.5 rounded-xs bg-line', className)} />;
}
