import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import type { StuckChange } from '@countersign/api/src/payouts/stuck-policy-diff.ts';
import { type Text, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { type DiffItem, DiffList } from '../ui/diff-list.tsx';
import { ruleText } from './limit-words.ts';
import { RAILS } from './stuck-draft.ts';

/** What one version of the policy changed of another, in words: before struck out, after in bold. */
export function ChangeList({ changes, caption }: { changes: readonly StuckChange[]; caption: string }) {
  const t = useText();
  const format = useFormat();
  const items = changes.map((change): DiffItem => ({ ...wordsOf(t, change, format.valueDate), changed: true }));
  return <DiffList items={items} caption={caption} />;
}

function wordsOf(t: Text, change: StuckChange, day: (on: string) => string): Omit<DiffItem, 'changed'> {
  switch (change.kind) {
    case 'limit':
      return {
        field: t('controls.policy.change.limit', {
          status: t(`payouts.status.${change.status}`),
          rails: railNames(t, change.rails),
        }),
        before: ruleText(t, change.before),
        after: ruleText(t, change.after),
      };
    case 'rail_calendar':
      return {
        field: t('controls.policy.change.rail', { rail: t(`payouts.rails.${change.rail}`) }),
        before: change.before ?? t('controls.policy.calendars.weekdays'),
        after: change.after ?? t('controls.policy.calendars.weekdays'),
      };
    case 'days':
      return {
        field: t('controls.policy.change.calendar', { name: change.calendar }),
        before: change.removed.length > 0 && !change.isGone && change.removed.map(day).join(', '),
        after: <AddedDays change={change} />,
      };
  }
}

/** The rails by name; all of them in two words. */
function railNames(t: Text, rails: readonly Rail[]): string {
  return rails.length === RAILS.length
    ? t('controls.policy.change.everyRail')
    : rails.map((rail) => t(`payouts.rails.${rail}`)).join(', ');
}

function AddedDays({ change }: { change: Extract<StuckChange, { kind: 'days' }> }) {
  const t = useText();
  const format = useFormat();
  if (change.isGone) return t('controls.policy.change.goneCalendar');
  const counts = [
    ...(change.isNew ? [t('controls.policy.change.newCalendar')] : []),
    ...(change.added.length > 0 ? [t('controls.policy.change.added', { count: change.added.length })] : []),
    ...(change.removed.length > 0 ? [t('controls.policy.change.removed', { count: change.removed.length })] : []),
  ];
  return (
    <>
      {counts.join(', ')}
      {change.added.length > 0 && (
        <span className="block font-normal text-ink-2">{change.added.map(format.valueDate).join(', ')}</span>
      )}
    </>
  );
}
