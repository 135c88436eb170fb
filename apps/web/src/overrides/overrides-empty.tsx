import type { OverrideTab } from '@countersign/api/src/overrides/overrides.queries.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { rolesText } from './override-words.ts';

interface OverridesEmptyProps {
  tab: OverrideTab;
  /** Whether the person may decide on any at all. */
  decides: boolean;
  /** When the server last said so, ms since the epoch. */
  checkedAt: number;
}

/** Nothing to do, no right to do it, and nothing there yet are different things. */
export function OverridesEmpty({ tab, decides, checkedAt }: OverridesEmptyProps) {
  const t = useText();
  const format = useFormat();
  const age = format.relative(new Date(checkedAt), useNow());
  switch (tab) {
    case 'for_me':
      return decides ? (
        <EmptyState title={t('overrides.empty.forMeTitle')}>{t('overrides.empty.forMe', { age })}</EmptyState>
      ) : (
        <EmptyState title={t('overrides.empty.cannotTitle')}>
          {t('overrides.empty.cannot', { roles: rolesText(t, ['approver', 'finance']) })}
        </EmptyState>
      );
    case 'waiting':
      return <EmptyState title={t('overrides.empty.waitingTitle')}>{t('overrides.empty.waiting', { age })}</EmptyState>;
    case 'approved':
      return (
        <EmptyState title={t('overrides.empty.approvedTitle')}>{t('overrides.empty.approved', { age })}</EmptyState>
      );
    case 'done':
      return <EmptyState title={t('overrides.empty.doneTitle')}>{t('overrides.empty.done')}</EmptyState>;
  }
}
