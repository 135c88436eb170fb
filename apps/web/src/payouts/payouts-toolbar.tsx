import type { PayoutFilter } from '@countersign/api/src/payouts/payouts.queries.ts';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Chip } from '../ui/chip.tsx';

const FILTERS: readonly PayoutFilter[] = [
  'open',
  'stuck',
  'late',
  'unconfirmed',
  'failed',
  'high_value',
  'mine',
  'all',
];
/** How long typing rests before the list is asked for anew. */
const TYPED_MS = 250;

interface PayoutsToolbarProps {
  filter: PayoutFilter;
  text: string;
  onFilter: (filter: PayoutFilter) => void;
  onText: (text: string) => void;
}

/** The quick filters with their live counts, and words to narrow by. */
export function PayoutsToolbar({ filter, text, onFilter, onText }: PayoutsToolbarProps) {
  const t = useText();
  const counts = useQuery(trpc.payouts.counts.queryOptions()).data;
  return (
    <div className="flex min-h-[50px] shrink-0 items-center gap-4 border-b border-line px-4 py-2">
      <fieldset className="flex min-w-0 flex-1 flex-wrap gap-1.5">
        <legend className="sr-only">{t('payouts.filtersLabel')}</legend>
        {FILTERS.map((one) => (
          <Chip
            key={one}
            label={t(`payouts.filters.${one}`)}
            count={counts?.[one]}
            pressed={one === filter}
            onPress={() => onFilter(one)}
          />
        ))}
      </fieldset>
      <Narrow text={text} onText={onText} />
    </div>
  );
}

function Narrow({ text, onText }: Pick<PayoutsToolbarProps, 'text' | 'onText'>) {
  const t = useText();
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  // The address changed otherwise (a cleared filter, the back button): the field follows it.
  if (known !== text) {
    setKnown(text);
    setTyped(text);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts the clock
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onText(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className="relative shrink-0">
      <span className="sr-only">{t('payouts.narrow')}</span>
      <Search aria-hidden="true" size={13} className="absolute top-[9px] left-2.5 text-quiet" />
      <input
        type="search"
        value={typed}
        placeholder={t('payouts.narrow')}
        onChange={(event) => setTyped(event.target.value)}
        className="h-[30px] w-[190px] rounded-md border border-line-strong bg-panel pr-2 pl-7.5 text-sm max-lg:w-[150px]"
      />
    </label>
  );
}
