import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Outcome } from '../audit/audit-columns.tsx';
import { actText } from '../audit/audit-words.ts';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';

const SHOWN = 12;

/** The last entries of the audit log about a payout: what was done, what was refused, by whom. */
export function PayoutAudit({ id }: { id: string }) {
  const t = useText();
  const format = useFormat();
  const query = useQuery(trpc.audit.list.queryOptions({ subject: id, limit: SHOWN }));
  if (query.isError) {
    const again = readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {};
    return <ErrorState error={query.error} {...again} />;
  }
  if (query.isPending) {
    return (
      <div role="status" aria-label={t('common.loading')}>
        <Bar className="w-56" />
      </div>
    );
  }
  const { rows, nextCursor } = query.data;
  if (rows.length === 0) return <p className="text-quiet">{t('collab.page.auditNone')}</p>;
  return (
    <>
      <ul>
        {rows.map((row) => (
          <li key={row.id} className="border-b border-line last:border-b-0">
            <Link {...paths.audit({ subject: id, panel: row.id })} className="block rounded-xs py-1.5 hover:bg-sunken">
              <span className="flex items-baseline gap-2">
                <span className="min-w-0 truncate font-medium">{actText(t, row.act)}</span>
                <time dateTime={row.at} className="ml-auto shrink-0 text-xs text-quiet">
                  {format.instant(row.at)}
                </time>
              </span>
              <span className="flex items-baseline gap-2 text-xs text-ink-2">
                <span className="min-w-0 truncate">{row.actor.label}</span>
                {row.outcome === 'refused' && (
                  <span className="ml-auto min-w-0">
                    <Outcome row={row} />
                  </span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {nextCursor && <p className="mt-1.5 text-xs text-quiet">{t('collab.page.auditMore')}</p>}
    </>
  );
}
