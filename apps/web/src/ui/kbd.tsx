import { cx } from '../lib/class-names.ts';
import { keyCaps } from '../lib/shortcuts.ts';

interface KbdProps {
  /** Keys in the registry's writing: `r`, `g p`, `mod+k`. */
  keys: string;
  /** On ink (a primary button) the cap is drawn with the paper's colour. */
  onInk?: boolean;
}

/** The key of an action, as caps. Hidden from screen readers: the element it sits on says aria-keyshortcuts. */
export function Kbd({ keys, onInk = false }: KbdProps) {
  return (
    <span aria-hidden="true" className="inline-flex shrink-0 gap-0.5">
      {keyCaps(keys).map((cap) => (
        <kbd
          key={cap}
          className={cx(
            'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-xs border px-1 font-mono text-2xs leading-none',
            onInk ? 'border-current opacity-80' : 'border-line-strong text-quiet',
          )}
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}

/** `g p` is written `g p`, `mod+k` as `Control+K Meta+K`: the words of aria-keyshortcuts. */
export function ariaKeys(keys: string): string {
  if (!keys.startsWith('mod+')) return keys;
  const held = keys.slice('mod+'.length);
  const key = held.length === 1 ? held.toUpperCase() : held;
  return `Control+${key} Meta+${key}`;
}
