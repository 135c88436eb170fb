import { useQuery } from '@tanstack/react-query';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { NoteComposer } from './note-composer.tsx';
import { NoteList } from './note-list.tsx';

/** What people know of a payout and no system does. */
export function PayoutNotes({ row }: { row: PayoutRow }) {
  const t = useText();
  const query = useQuery(trpc.payouts.notes.queryOptions({ id: row.id }));
  return (
    <div className="flex flex-col gap-3.5">
      {query.data ? (
        query.data.length > 0 ? (
          <NoteList notes={query.data} />
        ) : (
          <p className="text-quiet">{t('collab.notes.none')}</p>
        )
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : (
        <div role="status" aria-label={t('common.loading')}>
          <Bar className="w-56" />
        </div>
      )}
      <NoteComposer key={row.id} row={row} />
    </div>
  );
}
