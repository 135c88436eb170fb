import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';

/*
 * Menus come with a positioner and a typeahead of some weight: load this file lazily where the first screen has a menu.
 */

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
  defaultOpen?: boolean;
}

export function Menu({ trigger, children, align = 'start', defaultOpen = false }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen} modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side="bottom" align={align} sideOffset={4} className="z-50">
          <Base.Popup className="rising min-w-52 rounded-md border border-line-strong bg-panel p-1 text-sm text-ink shadow-float outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  'flex h-[30px] cursor-default items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-sunken data-disabled:text-quiet';

interface MenuItemProps {
  icon?: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, onSelect, disabled = false, danger = false, children }: MenuItemProps) {
  return (
    <Base.Item disabled={disabled} onClick={onSelect} className={cx(ITEM, danger && 'text-high')}>
      {icon}
      {children}
    </Base.Item>
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
    <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)} aria-label={label}>
      <MenuHeading>{label}</MenuHeading>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={ITEM}>
          <span className="flex w-4 justify-center">
            <Base.RadioItemIndicator>
              <Check aria-hidden="true" size={13} />
            </Base.RadioItemIndicator>
          </span>
          {option.label}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-0.5 text-2xs font-medium text-quiet">{children}</div>;
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
