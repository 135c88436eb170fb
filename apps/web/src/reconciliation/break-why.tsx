import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { measureText, ruleText, tellingRules } from './break-words.ts';
import type { BreakDetail } from './reconciliation-wire.ts';

/** Why this class: the rule that decided, what it looked at, what else fired, and how long this has been known. */
export function BreakWhy({ detail: { row, fired, policyVersion } }: { detail: BreakDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const [first, ...also] = tellingRules(fired);
  const measure = first && measureText(t, format, first);
  const end = row.resolvedAt === null ? now.getTime() : Date.parse(row.resolvedAt);
  const age = [
    t('reconciliation.panel.ageRuns', {
      age: format.duration(end - Date.parse(row.openedAt)),
      count: row.seenRuns,
    }),
    ...(row.reopened > 0 ? [t('reconciliation.panel.reopened', { count: row.reopened })] : []),
  ];
  const items = [
    {
      term: t('reconciliation.panel.rule'),
      detail: t('reconciliation.panel.policy', { rule: ruleText(t, row.rule), version: policyVersion }),
    },
    ...(measure ? [{ term: t('reconciliation.panel.input'), detail: measure }] : []),
    ...also.map((one) => ({
      key: one.rule,
      term: t('reconciliation.panel.also'),
      detail: [ruleText(t, one.rule), measureText(t, format, one)].filter(Boolean).join(': '),
    })),
    { term: t('reconciliation.panel.age'), detail: age.join(', ') },
  ];
  return <DescriptionList items={items} />;
}
