import {
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { Floating } from './floating.tsx';

export interface PopoverTriggerProps {
  'aria-haspopup'?: 'dialog' | 'menu';
  'aria-expanded'?: boolean;
  onClick?: () => void;
}

interface PopoverProps {
  /** Its name for screen readers. */
  label: string;
  /** The button that opens it. */
  trigger: ReactElement<PopoverTriggerProps>;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
  /** Told how to close it, for what closes by choosing. */
  children: (close: () => void) => ReactNode;
}

const STOPS = 'input, select, button, a[href]';

/** A button with a small dialog for choices that are more than a menu: Up and Down walk through what is in it. */
export function Popover({ label, trigger, align = 'start', defaultOpen = false, children }: PopoverProps) {
  const [open, setOpen] = useState(defaultOpen);
  const holder = useRef<HTMLSpanElement>(null);
  const close = (): void => {
    setOpen(false);
    holder.current?.querySelector('button')?.focus();
  };
  return (
    <span ref={holder} className="contents">
      {cloneElement(trigger, {
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        onClick: () => setOpen(!open),
      })}
      {open && (
        <Floating
          label={label}
          anchor={holder}
          align={align}
          onClose={() => setOpen(false)}
          className="max-h-[70vh] overflow-y-auto p-1.5"
        >
          <Walk>{children(close)}</Walk>
        </Floating>
      )}
    </span>
  );
}

function Walk({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  // A popover without a field begins at its first button.
  useEffect(() => {
    const dialog = box.current?.parentElement;
    if (document.activeElement === dialog) box.current?.querySelector<HTMLElement>(STOPS)?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || event.target instanceof HTMLSelectElement) return;
    const stops = [...(box.current?.querySelectorAll<HTMLElement>(STOPS) ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    stops[(at + by + stops.length) % stops.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of what is in it
    <div ref={box} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}
