import { cx } from '../lib/class-names.ts';

interface FaceProps {
  initials: string;
  name?: string;
  className?: string;
}

/** A person as a small round with their initials. Beside it, or in its title, there is always the name. */
export function Face({ initials, name, className }: FaceProps) {
  return (
    <span
      aria-hidden="true"
      title={name}
      className={cx(
        'inline-flex size-[22px] shrink-0 items-center justify-center rounded-full border border-line-strong bg-sunken text-2xs font-semibold text-ink-2',
        className,
      )}
    >
      {initials}
    </span>
  );
}
