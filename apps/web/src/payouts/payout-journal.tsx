import type { EntryKind } from '@countersign/api/src/ledger/journal.ts';
import { useQuery } from '@tanstack/react-query';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { accountText } from '../overrides/override-words.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { providerName } from './payout-look.ts';

/** What the books hold of a payout: each entry with its debit and its credit. */
export function PayoutJournal({ id }: { id: string }) {
  const t = useText();
  const format = useFormat();
  const query = useQuery(trpc.payouts.entries.queryOptions({ id }));
  if (query.isError) {
    const again = readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {};
    return <ErrorState error={query.error} {...again} />;
  }
  if (query.isPending) {
    return (
      <div role="status" aria-label={t('common.loading')}>
        <Bar className="w-64" />
      </div>
    );
  }
  return (
    <table className="w-full">
      <caption className="sr-only">{t('collab.page.entries')}</caption>
      {query.data.map((entry) => (
        <tbody key={entry.id} className="border-b border-line last:border-b-0">
          <tr>
            <th scope="rowgroup" colSpan={3} className="pt-2 pb-0.5 text-left font-normal">
              <span className="flex flex-wrap items-center gap-x-2.5">
                <span className="font-medium">{t(`collab.entryKinds.${entry.kind as EntryKind}`)}</span>
                <span className="text-xs text-quiet">{format.instant(entry.postedAt)}</span>
                <span className="text-quiet">
                  <IdText id={entry.id} copy />
                </span>
              </span>
            </th>
          </tr>
          {entry.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an entry never changes
            <tr key={at} className="text-ink-2">
              <td className="w-9 pb-1 text-quiet">{t(`overrides.entry.${line.side}`)}</td>
              <td className={line.side === 'credit' ? 'pb-1 pl-5' : 'pb-1'}>
                {accountText(t, line.account, providerName)}
              </td>
              <td className="pb-1 text-right">
                <MoneyText money={line} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}
