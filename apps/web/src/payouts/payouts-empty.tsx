import type { PayoutFilter } from '@countersign/api/src/payouts/payout-list.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

interface PayoutsEmptyProps {
  filter: PayoutFilter;
  /** Whether words narrow the list as well. */
  narrowed: boolean;
  /** When the server last said so, ms since the epoch. */
  checkedAt: number;
  onClear: () => void;
}

/** Good news and "no match" are different things, and good news says how old it is. */
export function PayoutsEmpty({ filter, narrowed, checkedAt, onClear }: PayoutsEmptyProps) {
  const t = useText();
  const format = useFormat();
  const age = format.relative(new Date(checkedAt), useNow());
  if (!narrowed && filter === 'stuck') {
    return <EmptyState title={t('payouts.empty.stuckTitle')}>{t('payouts.empty.stuck', { age })}</EmptyState>;
  }
  if (!narrowed && filter === 'open') {
    return <EmptyState title={t('payouts.empty.openTitle')}>{t('payouts.empty.open', { age })}</EmptyState>;
  }
  if (!narrowed && filter === 'mine') {
    return <EmptyState title={t('payouts.empty.mineTitle')}>{t('payouts.empty.mine')}</EmptyState>;
  }
  if (!narrowed && filter === 'snoozed') {
    return <EmptyState title={t('payouts.empty.snoozedTitle')}>{t('payouts.empty.snoozed')}</EmptyState>;
  }
  return (
    <EmptyState
      title={t('payouts.empty.matchTitle')}
      action={<Button onClick={onClear}>{t('payouts.empty.clear')}</Button>}
    >
      {t('payouts.empty.match')}
    </EmptyState>
  );
}
