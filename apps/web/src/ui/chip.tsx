import { cx } from '../lib/class-names.ts';
import { useFormat } from '../lib/use-format.ts';

interface ChipProps {
  label: string;
  /** How many rows it would show; undefined while that is unknown, which is not zero. */
  count?: number | undefined;
  /** There are more than `count`: it is not counted further. */
  more?: boolean;
  pressed: boolean;
  onPress: () => void;
}

/** A quick filter: a toggle that names its number of rows. */
export function Chip({ label, count, more = false, pressed, onPress }: ChipProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cx(
        'inline-flex h-[26px] shrink-0 items-center gap-1 rounded-full border px-2 text-sm whitespace-nowrap transition-colors duration-75',
        pressed
          ? 'border-ink bg-ink font-medium text-on-ink'
          : 'border-line text-ink-2 hover:border-line-strong hover:text-ink',
      )}
    >
      {label}
      {count !== undefined && (
        <span className={pressed ? 'opacity-80' : 'text-quiet'}>
          {format.count(count)}
          {more && '+'}
        </span>
      )}
    </button>
  );
}
