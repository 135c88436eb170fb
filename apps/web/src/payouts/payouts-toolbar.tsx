import type { Count, PayoutFilter } from '@countersign/api/src/payouts/payout-list.ts';
import { useQuery } from '@tanstack/react-query';
import { Columns3, ListFilter, ListTree, Search } from 'lucide-react';
import { lazy, type RefObject, useEffect, useRef, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import type { PayoutsSearch } from '../paths.ts';
import { IconButton } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { LazyPopup } from '../ui/lazy-popup.tsx';
import { ViewsButton } from '../views/views-button.tsx';
import type { Names } from './filter-words.ts';
import { FILTERS, type PayoutsQuestion } from './payouts-question.ts';

const loadFilter = () => import('./filter-menu.tsx');
const FilterMenu = lazy(() => loadFilter().then((file) => ({ default: file.FilterMenu })));
const loadDisplay = () => import('./display-menu.tsx');
const DisplayMenu = lazy(() => loadDisplay().then((file) => ({ default: file.DisplayMenu })));

/** How long typing rests before the list is asked for anew. */
const TYPED_MS = 250;

interface PayoutsToolbarProps {
  question: PayoutsQuestion;
  search: PayoutsSearch;
  merchants: Names;
  names: Names;
  onChange: (change: PayoutsSearch, replace?: boolean) => void;
  /** Leaves the search field for the list. */
  onDown: () => void;
}

/** The quick filters with their live counts, what narrows further, and how the list is shown. */
export function PayoutsToolbar({ question, search, merchants, names, onChange, onDown }: PayoutsToolbarProps) {
  const t = useText();
  const counts: Partial<Record<PayoutFilter, Count>> | undefined = useQuery(trpc.payouts.counts.queryOptions()).data;
  const field = useRef<HTMLInputElement>(null);
  const group = (): void => onChange({ group: question.grouped ? '' : 'cause', panel: '' });
  useShortcut('/', 'list', 'payouts.focusSearch', () => field.current?.focus());
  useShortcut('g g', 'view', 'payouts.desk.groupShortcut', group);
  return (
    <div className="flex min-h-[50px] shrink-0 items-start gap-3 border-b border-line px-4 py-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1 pt-0.5">
        <fieldset className="contents">
          <legend className="sr-only">{t('payouts.filtersLabel')}</legend>
          {FILTERS.map((one) => (
            <Chip
              key={one}
              label={t(`payouts.filters.${one}`)}
              count={counts?.[one]?.count}
              more={counts?.[one]?.exact === false}
              pressed={one === question.filter}
              onPress={() => onChange({ filter: one === 'open' ? '' : one, sort: '', panel: '' })}
            />
          ))}
        </fieldset>
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <LazyPopup haspopup="dialog" load={loadFilter} trigger={<FilterButton label={t('payouts.desk.filter')} />}>
          {(trigger) => (
            <FilterMenu
              trigger={trigger}
              question={question}
              merchants={merchants}
              names={names}
              onChange={(change) => onChange({ ...change, panel: '' })}
            />
          )}
        </LazyPopup>
        <Narrow text={question.where.text ?? ''} onText={(q) => onChange({ q }, true)} onDown={onDown} ref={field} />
        <IconButton
          label={t('payouts.desk.group')}
          kbd="g g"
          aria-pressed={question.grouped}
          onClick={group}
          className={question.grouped ? 'bg-sunken text-ink!' : ''}
        >
          <ListTree aria-hidden="true" size={15} />
        </IconButton>
        <LazyPopup haspopup="dialog" load={loadDisplay} trigger={<DisplayButton label={t('payouts.desk.display')} />}>
          {(trigger) => (
            <DisplayMenu trigger={trigger} columns={search.cols} onColumns={(cols) => onChange({ cols }, true)} />
          )}
        </LazyPopup>
        <ViewsButton search={search} />
      </div>
    </div>
  );
}

function FilterButton({ label, ...rest }: { label: string }) {
  return (
    <button
      {...rest}
      type="button"
      className="inline-flex h-[30px] shrink-0 items-center gap-1.5 rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink-2 hover:bg-sunken hover:text-ink"
    >
      <ListFilter aria-hidden="true" size={13} />
      {label}
    </button>
  );
}

function DisplayButton({ label, ...rest }: { label: string }) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
    >
      <Columns3 aria-hidden="true" size={15} />
    </button>
  );
}

interface NarrowProps {
  text: string;
  onText: (text: string) => void;
  onDown: () => void;
  ref: RefObject<HTMLInputElement | null>;
}

function Narrow({ text, onText, onDown, ref }: NarrowProps) {
  const t = useText();
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  // The address changed otherwise (a cleared filter, the back button): the field follows it.
  if (known !== text) {
    setKnown(text);
    if (typed.trim() !== text) setTyped(text);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts the clock
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onText(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className="relative">
      <span className="sr-only">{t('payouts.narrow')}</span>
      <Search aria-hidden="true" size={13} className="absolute top-[9px] left-2.5 text-quiet" />
      <input
        ref={ref}
        type="search"
        value={typed}
        title={t('payouts.narrow')}
        placeholder={t('payouts.desk.search')}
        aria-keyshortcuts="/"
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          // Enter and Down go to what was found; Escape leaves without clearing.
          if (event.key === 'Escape' && typed === '') event.currentTarget.blur();
          if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          if (typed.trim() !== text) onText(typed.trim());
          onDown();
        }}
        className="peer h-[30px] w-[124px] rounded-md border border-line-strong bg-panel pr-2 pl-7.5 text-sm"
      />
      <span className="pointer-events-none absolute top-1.5 right-1.5 peer-focus:hidden peer-[:not(:placeholder-shown)]:hidden max-xl:hidden">
        <Kbd keys="/" />
      </span>
    </label>
  );
}
