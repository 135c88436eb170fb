import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { cx } from '../lib/class-names.ts';
import { suspendShortcuts } from '../lib/shortcuts.ts';

interface FloatingProps {
  label: string;
  /** The button it belongs to, or the boxless element around it and this: it opens below it, and gives the focus back. */
  anchor: RefObject<HTMLElement | null>;
  align?: 'start' | 'end';
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

const GAP = 4;

/**
 * A small dialog beside its button, in the top layer. Escape and a press elsewhere close it; the page's single keys rest
 * meanwhile. It takes the focus to its first field, or else to itself.
 */
export function Floating({ label, anchor, align = 'start', onClose, className, children }: FloatingProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => suspendShortcuts(), []);

  useLayoutEffect(() => {
    const popup = box.current;
    const button = buttonOf(anchor.current, popup);
    if (!popup || !button) return;
    popup.showPopover();
    const place = (): void => {
      const at = button.getBoundingClientRect();
      const size = popup.getBoundingClientRect();
      const left = align === 'end' ? at.right - size.width : at.left;
      popup.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - size.width - GAP))}px`;
      const below = at.bottom + GAP + size.height <= window.innerHeight;
      popup.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height)}px`;
    };
    place();
    (popup.querySelector<HTMLElement>('input, textarea') ?? popup).focus();
    // What is in it may come later and make it taller.
    const watch = new ResizeObserver(place);
    watch.observe(popup);
    return () => watch.disconnect();
  }, [anchor, align]);

  useEffect(() => {
    const elsewhere = (event: PointerEvent): void => {
      const inside = [box.current, anchor.current].some(
        (part) => event.target instanceof Node && part?.contains(event.target),
      );
      if (!inside) onClose();
    };
    // On the window: what was pressed in it may have gone, and the focus with it.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
      buttonOf(anchor.current, box.current)?.focus();
    };
    window.addEventListener('pointerdown', elsewhere);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('pointerdown', elsewhere);
      window.removeEventListener('keydown', onKeyDown);
    };
  });

  return (
    <div
      ref={box}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      popover="manual"
      className={cx(
        'rising fixed inset-auto m-0 rounded-md border border-line-strong bg-panel text-left text-sm text-ink shadow-float',
        className,
      )}
    >
      {children}
    </div>
  );
}

/** The anchor itself, or the button inside it. Through the DOM: what is open from its first moment runs before outer refs are set. */
function buttonOf(anchor: HTMLElement | null, popup: HTMLElement | null): HTMLElement | null {
  return anchor?.matches('button') ? anchor : (popup?.parentElement?.querySelector('button') ?? null);
}
