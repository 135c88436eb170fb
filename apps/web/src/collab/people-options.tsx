import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { Face } from './face.tsx';

export interface PersonOption {
  /** A person's id, or a word for what is no person. */
  id: string;
  label: string;
  /** Null for what is no person. */
  initials: string | null;
  /** A quiet word after it: their roles. */
  hint?: string | undefined;
  chosen?: boolean;
}

interface PeopleOptionsProps {
  id: string;
  label: string;
  options: readonly PersonOption[];
  /** The one that Enter would take. The focus stays in the field that is typed in. */
  active: number;
  onPick: (option: PersonOption) => void;
  onPoint: (index: number) => void;
  className?: string;
}

/** The id of an option, for aria-activedescendant. */
export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** People to choose from, below a field that filters them. */
export function PeopleOptions({ id, label, options, active, onPick, onPoint, className }: PeopleOptionsProps) {
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={label} className={cx('max-h-64 overflow-y-auto', className)}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
        <div
          key={option.id}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerMove={() => index !== active && onPoint(index)}
          // The field keeps the focus: what is typed next still goes into it.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(option)}
          className={cx(
            'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 py-1',
            index === active && 'bg-selection',
          )}
        >
          {option.initials === null ? (
            <span className="inline-flex size-[22px] shrink-0 rounded-full border border-dashed border-line-strong" />
          ) : (
            <Face initials={option.initials} />
          )}
          <span className="min-w-0 truncate">{option.label}</span>
          {option.hint && <span className="ml-auto shrink-0 pl-2 text-xs text-quiet">{option.hint}</span>}
          {option.chosen && (
            <>
              <Check aria-hidden="true" size={13} className={option.hint ? 'shrink-0' : 'ml-auto shrink-0'} />
              <span className="sr-only">{t('collab.assign.now')}</span>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
