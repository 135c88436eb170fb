import type { Count } from '@countersign/api/src/payouts/payout-list.ts';
import { X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useText, withTexts } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { LazyPopup } from '../ui/lazy-popup.tsx';
import { type Pickable, type Selection, sizeOf, sumsOf } from './selection.ts';
import type { SelectionActs } from './use-selection-acts.ts';

const loadAssign = () => withTexts(['collab'], import('./assign-selection-menu.tsx'));
const AssignSelectionMenu = lazy(() => loadAssign().then((file) => ({ default: file.AssignSelectionMenu })));
const HoldSelectionDialog = lazy(() =>
  import('./hold-selection-dialog.tsx').then((file) => ({ default: file.HoldSelectionDialog })),
);

/** Sums that fit beside the count; more currencies than these are in the preview. */
const SUMS_SHOWN = 3;

interface SelectionBarProps {
  selection: Selection<Pickable>;
  /** How many the list's question finds, where that is known and more than what is picked. */
  matching: Count | undefined;
  acts: SelectionActs;
  /** Whether single keys are about the selection; they are about the panel's payout while one is open. */
  keys: boolean;
  onSelectMatching: (count: Count) => void;
  onClear: () => void;
}

/** What is selected, what it sums to, and what can be done with all of it. It lies over the list, which does not move. */
export function SelectionBar({ selection, matching, acts, keys, onSelectMatching, onClear }: SelectionBarProps) {
  const t = useText();
  const format = useFormat();
  const [holding, setHolding] = useState(false);
  const [assigning, setAssigning] = useState(0);
  const size = sizeOf(selection);
  useShortcut(
    'a',
    'act',
    'payouts.selection.shortcuts.assign',
    acts.whyNot.assign || !keys ? null : () => setAssigning(assigning + 1),
  );
  if (selection.kind === 'none') return null;
  const rows = selection.kind === 'some' ? [...selection.rows.values()] : [];
  const sums = sumsOf(rows);
  const keyOf = (key: string): { kbd?: string } => (keys ? { kbd: key } : {});
  const gone = rows.filter((row) => row.gone).length;
  const count = format.count(size.count) + (size.exact ? '' : '+');
  return (
    <section
      aria-label={t('payouts.selection.label')}
      className="rising absolute right-3 bottom-3 left-3 z-20 mx-auto flex w-fit max-w-[calc(100%-24px)] flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line-strong bg-panel py-2 pr-2 pl-4 shadow-float"
    >
      <p role="status" className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-semibold">
          {selection.kind === 'some'
            ? t('payouts.selection.count', { count: size.count })
            : t('payouts.selection.all', { count: size.count }).replace(format.count(size.count), count)}
        </span>
        {sums.slice(0, SUMS_SHOWN).map((sum) => (
          <span key={sum.currency} className="text-ink-2 tabular-nums">
            {format.money(sum)}
          </span>
        ))}
        {sums.length > SUMS_SHOWN && <span className="text-quiet">+{sums.length - SUMS_SHOWN}</span>}
        {gone > 0 && <span className="text-med">{t('payouts.selection.gone', { count: gone })}</span>}
      </p>
      {selection.kind === 'some' && matching && matching.count > size.count && (
        <button
          type="button"
          onClick={() => onSelectMatching(matching)}
          className="h-6 rounded-sm text-ink-2 underline decoration-line-strong underline-offset-3 hover:text-ink"
        >
          {t('payouts.selection.selectAll', { count: matching.count }).replace(
            format.count(matching.count),
            format.count(matching.count) + (matching.exact ? '' : '+'),
          )}
        </button>
      )}
      <span className="flex flex-wrap items-center gap-2">
        <Button tone="primary" {...keyOf('r')} busy={acts.busy} whyNot={acts.whyNot.retry} onClick={acts.retry}>
          {t('payouts.selection.retry')}
        </Button>
        <Button {...keyOf('c')} busy={acts.busy} whyNot={acts.whyNot.check} onClick={acts.check}>
          {t('payouts.selection.check')}
        </Button>
        {acts.whyNot.assign ? (
          <Button whyNot={acts.whyNot.assign}>{t('payouts.selection.assign')}</Button>
        ) : (
          <LazyPopup
            key={assigning}
            haspopup="dialog"
            load={loadAssign}
            defaultWanted={assigning > 0}
            trigger={
              <Button {...keyOf('a')} busy={acts.busy}>
                {t('payouts.selection.assign')}
              </Button>
            }
          >
            {(trigger) => <AssignSelectionMenu trigger={trigger} onAssign={acts.assign} />}
          </LazyPopup>
        )}
        <Button whyNot={acts.whyNot.hold} onClick={() => setHolding(true)}>
          {t('payouts.selection.hold')}
        </Button>
        <IconButton label={t('payouts.selection.clear')} kbd="Escape" onClick={onClear}>
          <X aria-hidden="true" size={15} />
        </IconButton>
      </span>
      {holding && (
        <Suspense>
          <HoldSelectionDialog count={size.count} onHold={acts.hold} onClose={() => setHolding(false)} />
        </Suspense>
      )}
    </section>
  );
}
