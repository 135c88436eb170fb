import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { MoneyText } from '../ui/money-text.tsx';
import type { Run } from './reconciliation-wire.ts';
import { openDifferences } from './report-question.ts';

const OTHERS = 2;

/** The differences of the currencies after the first, in a line; those that do not fit are counted. */
export function OtherDifferences({ totals }: { totals: Run['totals'] }) {
  const t = useText();
  const format = useFormat();
  const [, ...others] = openDifferences(totals);
  if (others.length === 0) return null;
  const left = others.slice(OTHERS);
  return (
    <span title={others.map((one) => format.money(one, true)).join(' · ')}>
      {others.slice(0, OTHERS).map((one, at) => (
        <span key={one.currency}>
          {at > 0 && ' · '}
          <MoneyText money={one} signed />
        </span>
      ))}
      {left.length > 0 && ` ${t('reconciliation.report.differenceMore', { count: left.length })}`}
    </span>
  );
}
