import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { cx } from '../lib/class-names.ts';

interface TooltipProps {
  content: ReactNode;
  /** One focusable element. It gets aria-describedby while the tooltip shows, or aria-label's place is left alone. */
  children: ReactElement<{ 'aria-describedby'?: string }>;
  /** False where the element's own label already says the same: the tooltip is then for eyes only. */
  describes?: boolean;
  className?: string;
}

const SHOW_AFTER_MS = 350;
/** Time to move the pointer from the element onto the tooltip (WCAG 1.4.13: hoverable). */
const HIDE_AFTER_MS = 120;
const GAP = 6;

/**
 * A few words about an element, on hover and on keyboard focus; Escape takes them away. Drawn in the top layer, so no
 * container cuts it off. Everybody needs one on the first screen, and this is a twentieth of a general positioner.
 */
export function Tooltip({ content, children, describes = true, className }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const later = useCallback((next: boolean, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    if (!open) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // The first Escape closes what is on top: not the panel behind it as well.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [open]);

  return (
    // The span has no box; it only hears what its child is told.
    // biome-ignore lint/a11y/noStaticElementInteractions: the child is the interactive element
    <span
      ref={anchor}
      className="contents"
      onPointerEnter={() => later(true, SHOW_AFTER_MS)}
      onPointerLeave={() => later(false, HIDE_AFTER_MS)}
      onPointerDown={() => later(false, 0)}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) later(true, 0);
      }}
      onBlur={() => later(false, 0)}
    >
      {describes && open ? cloneElement(children, { 'aria-describedby': id }) : children}
      {open && (
        <Floating id={id} anchor={anchor} className={className}>
          {content}
        </Floating>
      )}
    </span>
  );
}

interface FloatingProps {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  className: string | undefined;
  children: ReactNode;
}

function Floating({ id, anchor, className, children }: FloatingProps) {
  const box = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const floating = box.current;
    const target = anchor.current?.firstElementChild;
    if (!floating || !target) return;
    floating.showPopover();
    const at = target.getBoundingClientRect();
    const size = floating.getBoundingClientRect();
    const below = at.bottom + GAP + size.height <= window.innerHeight;
    const left = Math.min(Math.max(at.left + at.width / 2 - size.width / 2, GAP), window.innerWidth - size.width - GAP);
    floating.style.left = `${left}px`;
    floating.style.top = `${below ? at.bottom + GAP : at.top - GAP - size.height}px`;
  }, [anchor]);

  return (
    <span
      ref={box}
      id={id}
      role="tooltip"
      popover="manual"
      className={cx(
        'fixed inset-auto m-0 w-max max-w-80 rounded-md border border-line-strong bg-panel px-2.5 py-1.5 text-left text-xs font-normal whitespace-normal text-ink-2 shadow-float',
        className,
      )}
    >
      {children}
    </span>
  );
}
