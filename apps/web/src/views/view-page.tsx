import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useParams } from '@tanstack/react-router';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { searchOfView } from './view-search.ts';

/** A saved view's short link: leads to the desk as it was saved. */
export function ViewPage() {
  const t = useText();
  const navigate = useNavigate();
  const { slug } = useParams({ from: '/shell/v/$slug' });
  const query = useQuery(trpc.views.bySlug.queryOptions({ slug }));
  if (query.data) return <Navigate {...paths.payouts(searchOfView(slug, query.data.search))} replace />;
  const failure = query.error && readFailure(query.error);
  const missing = failure?.kind === 'refusal' && failure.refusal.code === 'not_found';
  return (
    <>
      <PageTitle title={t('views.label')} />
      {missing ? (
        <EmptyState
          title={t('views.notFoundTitle')}
          action={<Button onClick={() => void navigate(paths.payouts())}>{t('views.toPayouts')}</Button>}
        >
          {t('views.notFound')}
        </EmptyState>
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={18} />
      )}
    </>
  );
}
