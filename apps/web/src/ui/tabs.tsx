import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { cx } from '../lib/class-names.ts';
import { useFormat } from '../lib/use-format.ts';

export interface Tab<T extends string> {
  value: T;
  label: string;
  count?: number | undefined;
}

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  onChange: (value: T) => void;
  /** The chosen tab's content. */
  children: ReactNode;
}

/** Tabs as the ARIA practices describe them: one tab stop, arrows move and choose, Home and End go to the ends. */
export function Tabs<T extends string>({ label, tabs, value, onChange, children }: TabsProps<T>) {
  const id = useId();
  const format = useFormat();
  const list = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const last = tabs.length - 1;
    const goals: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    const tab = goal === undefined ? undefined : tabs[goal];
    if (goal === undefined || !tab) return;
    event.preventDefault();
    onChange(tab.value);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[goal]?.focus();
  };

  return (
    <>
      <div ref={list} role="tablist" aria-label={label} onKeyDown={move} className="flex gap-4 border-b border-line">
        {tabs.map((tab) => {
          const chosen = tab.value === value;
          return (
            <button
              key={tab.value}
              type="button"
              role="tab"
              id={`${id}-${tab.value}`}
              aria-selected={chosen}
              aria-controls={`${id}-content`}
              tabIndex={chosen ? 0 : -1}
              onClick={() => onChange(tab.value)}
              className={cx(
                '-mb-px h-9 border-b-2 text-sm',
                chosen ? 'border-ink font-medium text-ink' : 'border-transparent text-quiet hover:text-ink',
              )}
            >
              {tab.label}
              {tab.count !== undefined && <span className="ml-1.5 text-quiet">{format.count(tab.count)}</span>}
            </button>
          );
        })}
      </div>
      <div id={`${id}-content`} role="tabpanel" aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
