import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { providerName } from '../payouts/payout-look.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import type { OverrideDetail } from './override-wire.ts';
import { accountText } from './override-words.ts';

/** The journal entries that its execution posted. */
export function PostedEntries({ entries }: { entries: OverrideDetail['entries'] }) {
  const t = useText();
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-3">
      {entries.map((entry) => (
        <li key={entry.id} className="rounded-md border border-line">
          <p className="flex flex-wrap items-center gap-x-3 border-b border-line px-2.5 py-1.5">
            <IdText id={entry.id} copy />
            <span className="ml-auto text-xs text-quiet">{format.instant(entry.postedAt)}</span>
          </p>
          <table className="w-full">
            <caption className="sr-only">{entry.id}</caption>
            <tbody>
              {entry.lines.map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an entry never changes
                <tr key={at} className="h-8 border-b border-line last:border-b-0">
                  <td className="w-12 px-2.5 text-quiet">{t(`overrides.entry.${line.side}`)}</td>
                  <th scope="row" className="px-2.5 text-left font-normal">
                    {accountText(t, line.account, providerName)}
                  </th>
                  <td className="px-2.5 text-right">
                    <MoneyText money={line} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </li>
      ))}
    </ul>
  );
}
