import { Check } from 'lucide-react';
import {
  cloneElement,
  type KeyboardEvent,
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
import { suspendShortcuts } from '../lib/shortcuts.ts';

export interface TriggerProps {
  id?: string;
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
  'aria-controls'?: string | undefined;
  onClick?: () => void;
}

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<TriggerProps>;
  children: ReactNode;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
}

const GAP = 4;
const ITEMS = '[role="menuitem"], [role="menuitemradio"]';

/**
 * A menu as the ARIA practices describe it: opens with the focus on its first item, arrows and first letters move, Escape
 * and Tab close and give the focus back. Drawn in the top layer; pressing elsewhere closes it.
 */
export function Menu({ trigger, children, align = 'start', defaultOpen = false }: MenuProps) {
  const [open, setOpen] = useState(defaultOpen);
  const holder = useRef<HTMLSpanElement>(null);
  const id = useId();
  const close = (focusBack: boolean): void => {
    setOpen(false);
    if (focusBack) holder.current?.querySelector('button')?.focus();
  };
  return (
    <span ref={holder} className="contents">
      {cloneElement(trigger, {
        id: `${id}-trigger`,
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
        onClick: () => setOpen(!open),
      })}
      {open && (
        <Popup id={id} holder={holder} align={align} onClose={close}>
          {children}
        </Popup>
      )}
    </span>
  );
}

interface PopupProps {
  id: string;
  holder: RefObject<HTMLElement | null>;
  align: 'start' | 'end';
  onClose: (focusBack: boolean) => void;
  children: ReactNode;
}

function Popup({ id, holder, align, onClose, children }: PopupProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => suspendShortcuts(), []);

  useLayoutEffect(() => {
    const popup = box.current;
    // Through the DOM: a menu that is open from its first moment runs this before the holder's own ref is set.
    const anchor = popup?.parentElement?.querySelector('button');
    if (!popup || !anchor) return;
    popup.showPopover();
    const at = anchor.getBoundingClientRect();
    const size = popup.getBoundingClientRect();
    const left = align === 'end' ? at.right - size.width : at.left;
    popup.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - size.width - GAP))}px`;
    const below = at.bottom + GAP + size.height <= window.innerHeight;
    popup.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - size.height)}px`;
    popup.querySelector<HTMLElement>(ITEMS)?.focus();
  }, [align]);

  useEffect(() => {
    const elsewhere = (event: PointerEvent): void => {
      if (event.target instanceof Node && !holder.current?.contains(event.target)) onClose(false);
    };
    window.addEventListener('pointerdown', elsewhere);
    return () => window.removeEventListener('pointerdown', elsewhere);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const goal = goalOf(event.key, at, items);
    if (goal !== undefined) {
      event.preventDefault();
      items[goal]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose(true);
    }
  };
  const onClick = (event: { target: EventTarget }): void => {
    const item = event.target instanceof Element ? event.target.closest(ITEMS) : null;
    if (item?.getAttribute('role') === 'menuitem' && item.ariaDisabled !== 'true') onClose(true);
  };

  return (
    <div
      ref={box}
      id={id}
      role="menu"
      tabIndex={-1}
      popover="manual"
      aria-labelledby={`${id}-trigger`}
      onKeyDown={onKeyDown}
      onClick={onClick}
      className="rising fixed inset-auto m-0 min-w-52 rounded-md border border-line-strong bg-panel p-1 text-left text-sm text-ink shadow-float"
    >
      {children}
    </div>
  );
}

function goalOf(key: string, at: number, items: readonly HTMLElement[]): number | undefined {
  const last = items.length - 1;
  if (key === 'ArrowDown') return at >= last ? 0 : at + 1;
  if (key === 'ArrowUp') return at <= 0 ? last : at - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key.length !== 1 || key === ' ') return undefined;
  const starts = (item: HTMLElement): boolean =>
    (item.textContent ?? '').trim().toLowerCase().startsWith(key.toLowerCase());
  const after = items.findIndex((item, index) => index > at && starts(item));
  const first = after >= 0 ? after : items.findIndex(starts);
  return first >= 0 ? first : undefined;
}

const ITEM =
  'flex h-[30px] w-full cursor-default items-center gap-2 rounded-sm px-2 text-left hover:bg-sunken focus:bg-sunken -outline-offset-2';

interface MenuItemProps {
  icon?: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, onSelect, disabled = false, danger = false, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={disabled || undefined}
      onClick={disabled ? undefined : onSelect}
      className={cx(ITEM, disabled ? 'text-quiet' : danger && 'text-high')}
    >
      {icon}
      {children}
    </button>
  );
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of several, in a menu. The menu stays open, so the effect is seen. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of menu items is no fieldset
    <div role="group" aria-label={label}>
      <div aria-hidden="true" className="px-2 pt-1.5 pb-0.5 text-2xs font-medium text-quiet">
        {label}
      </div>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="menuitemradio"
          tabIndex={-1}
          aria-checked={option.value === value}
          onClick={() => onChange(option.value)}
          className={ITEM}
        >
          <span className="flex w-4 justify-center">
            {option.value === value && <Check aria-hidden="true" size={13} />}
          </span>
          {option.label}
        </button>
      ))}
    </div>
  );
}

export function MenuLine() {
  return <hr className="my-1 border-line" />;
}
