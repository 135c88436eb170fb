import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import type { Statement } from './settlement-wire.ts';

/** Each statement as a sum: opening, what came in, what went out, closing; and whether it adds up. */
export function StatementList({ statements }: { statements: readonly Statement[] }) {
  const t = useText();
  if (statements.length === 0) return <p className="text-quiet">{t('settlement.panel.noStatements')}</p>;
  return (
    <ul className="flex flex-col gap-3">
      {statements.map((statement, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a file never changes, so neither does its order
        <li key={at} className="rounded-md border border-line">
          <StatementSum statement={statement} />
        </li>
      ))}
    </ul>
  );
}

function StatementSum({ statement }: { statement: Statement }) {
  const t = useText();
  const { account, currency, entries, openingMinor, creditsMinor, debitsMinor, closingMinor } = statement;
  // A provider's report has movements only; a bank's statement may lack one of its balances, and that must be seen.
  const stated = openingMinor !== null || closingMinor !== null;
  const agrees = statement.balanceCheck === 'agrees';
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 border-b border-line px-3 py-1.5">
        <span>
          <IdText id={account} whole={account.length <= 34} /> <span className="text-quiet">· {currency}</span>
        </span>
        <span className="ml-auto text-xs text-quiet">{t('settlement.statement.entries', { count: entries })}</span>
      </div>
      <table className="w-full">
        <caption className="sr-only">
          {account} {currency}
        </caption>
        <tbody>
          {stated && <Sum term={t('settlement.statement.opening')} minor={openingMinor} currency={currency} />}
          <Sum term={t('settlement.statement.credits')} sign="+" minor={creditsMinor} currency={currency} />
          <Sum term={t('settlement.statement.debits')} sign="−" minor={debitsMinor} currency={currency} />
          {stated && <Sum term={t('settlement.statement.closing')} minor={closingMinor} currency={currency} total />}
        </tbody>
      </table>
      <p className={cx('border-t border-line px-3 py-1.5 text-xs', agrees ? 'text-safe' : 'text-quiet')}>
        <StatusMark
          shape={agrees ? 'dot' : 'dotted-ring'}
          tone={agrees ? 'safe' : 'quiet'}
          label={t(agrees ? 'settlement.statement.agrees' : 'settlement.statement.unchecked')}
        />
      </p>
    </>
  );
}

interface SumProps {
  term: string;
  sign?: '+' | '−';
  minor: string | null;
  currency: string;
  total?: boolean;
}

function Sum({ term, sign, minor, currency, total = false }: SumProps) {
  const t = useText();
  return (
    <tr className={cx('h-7', total && 'border-t border-line font-semibold')}>
      <th scope="row" className="px-3 text-left font-normal text-ink-2">
        {term}
      </th>
      <td className="px-3 text-right">
        {minor === null ? (
          <span className="font-normal text-quiet">{t('settlement.statement.notStated')}</span>
        ) : (
          <>
            {sign && <span className="text-quiet">{sign} </span>}
            <MoneyText money={{ amountMinor: minor, currency }} />
          </>
        )}
      </td>
    </tr>
  );
}
