import { useEffect, useState } from 'react';
import { cx } from '../lib/class-names.ts';

interface FilterInputProps {
  /** Its name for screen readers, and what an empty field says. */
  label: string;
  placeholder?: string;
  value: string;
  /** Told the trimmed words when typing rests. */
  onValue: (value: string) => void;
  className?: string;
}

/** How long typing rests before the list is asked anew. */
const TYPED_MS = 250;

/** Words that narrow a list. The address holds them; the field follows it when it changes otherwise. */
export function FilterInput({ label, placeholder = label, value, onValue, className }: FilterInputProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (typed.trim() !== value) setTyped(value);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts the clock
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onValue(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className={cx(FILTER_CONTROL, 'px-2.5', className)}
    />
  );
}

/** How the controls of a toolbar look: as high as its buttons. */
export const FILTER_CONTROL =
  'h-[30px] min-w-0 rounded-md border border-line-strong bg-panel text-sm text-ink focus-visible:outline-offset-0';
