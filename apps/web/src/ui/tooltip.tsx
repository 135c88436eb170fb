import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { cx } from '../lib/class-names.ts';

interface TooltipProps {
  /** A function where making the words costs something: lists draw hundreds of tooltips and show one. */
  content: ReactNode | (() => ReactNode);
  /** One focusable element; it is described by the tooltip while that shows. */
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
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState(false);

  const later = (next: boolean, ms: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), ms);
  };

  return (
    // The span has no box; it only hears what its child is told.
    // biome-ignore lint/a11y/noStaticElementInteractions: the child is the interactive element
    <span
      ref={anchor}
      className="contents"
      onPointerEnter={() => later(true, SHOW_AFTER_MS)}
      onPointerLeave={() => later(false, HIDE_AFTER_MS)}
      onPointerDown={() => later(false, 0)}
      onFocus={(event) => event.target.matches(':focus-visible') && later(true, 0)}
      onBlur={() => later(false, 0)}
    >
      {describes && open ? cloneElement(children, { 'aria-describedby': id }) : children}
      {open && (
        <Floating id={id} anchor={anchor} className={className} onDismiss={() => setOpen(false)}>
          {typeof content === 'function' ? content() : content}
        </Floating>
      )}
    </span>
  );
}

interface FloatingProps {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  className: string | undefined;
  onDismiss: () => void;
  children: ReactNode;
}

function Floating({ id, anchor, className, onDismiss, children }: FloatingProps) {
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

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // The first Escape closes what is on top: not the panel behind it as well.
      event.preventDefault();
      event.stopPropagation();
      onDismiss();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  });

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
