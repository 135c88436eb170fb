import type { ComponentProps, MouseEvent, ReactElement, ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { ariaKeys, Kbd } from './kbd.tsx';
import { Tooltip } from './tooltip.tsx';

export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger';

export interface WhyNot {
  /** A few words on the button's face: `needs an override`. */
  short: string;
  /** The whole sentence, for the tooltip and for screen readers. */
  sentence: string;
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  tone?: ButtonTone;
  size?: 'md' | 'lg';
  icon?: ReactNode;
  /** The key that does the same, in the registry's writing. Only drawn and announced here: useShortcut makes it act. */
  kbd?: string;
  /** Why it cannot act. The button stays in its place and in the tab order, dashed, with its reason on its face. */
  whyNot?: WhyNot | null;
  /** While its command is on the way: cannot be pressed again, keeps its width. */
  busy?: boolean;
}

const BASE =
  'relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium transition-colors duration-75 select-none';
// The large one carries a whole sentence (the act with its amount): it grows by a line rather than lose a word.
const SIZES = { md: 'h-[30px] px-3 text-sm whitespace-nowrap', lg: 'min-h-9 px-4 py-1.5 text-sm text-balance' };
const TONES: Record<ButtonTone, string> = {
  primary: 'border-ink bg-ink text-on-ink hover:opacity-88',
  secondary: 'border-line-strong bg-panel text-ink hover:bg-sunken',
  ghost: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border-high-mark/60 bg-panel text-high hover:bg-high-soft',
};
const REFUSED = 'border-dashed border-line-strong bg-transparent text-quiet';

/** A button. The primary one is ink, and there is one per screen; buttons that move money say the amount. */
export function Button({
  tone = 'secondary',
  size = 'md',
  icon,
  kbd,
  whyNot = null,
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const t = useText();
  const stopped = whyNot !== null || busy;
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (stopped) event.preventDefault();
    else onClick?.(event);
  };
  const button: ReactElement<{ 'aria-describedby'?: string }> = (
    <button
      {...rest}
      type={type}
      onClick={press}
      aria-disabled={stopped || undefined}
      aria-busy={busy || undefined}
      aria-keyshortcuts={kbd && !whyNot ? ariaKeys(kbd) : undefined}
      className={cx(BASE, SIZES[size], whyNot ? REFUSED : TONES[tone], busy && 'opacity-70', className)}
    >
      {icon}
      {whyNot ? (
        <span className="max-w-80 truncate">
          {typeof children === 'string' ? children.replace(/…$/, '') : children}: {whyNot.short}
        </span>
      ) : (
        children
      )}
      {kbd && !whyNot && <Kbd keys={kbd} onInk={tone === 'primary'} />}
    </button>
  );
  if (!whyNot) return button;
  return <Tooltip content={t('common.disabledBecause', { reason: whyNot.sentence })}>{button}</Tooltip>;
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Its name: for screen readers, and in a tooltip for everybody. */
  label: string;
  kbd?: string;
}

/** A button that is an icon only. Never for anything that moves money. */
export function IconButton({ label, kbd, className, children, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip
      describes={false}
      content={
        <span className="inline-flex items-center gap-2">
          {label}
          {kbd && <Kbd keys={kbd} />}
        </span>
      }
    >
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-keyshortcuts={kbd ? ariaKeys(kbd) : undefined}
        className={cx(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
