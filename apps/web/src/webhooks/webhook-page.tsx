import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { ControlsTabs } from '../controls/controls-tabs.tsx';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { paths, type WebhookSearch } from '../paths.ts';
import { NewsPill } from '../payouts/news-pill.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { useHeldRows } from '../ui/use-held-rows.ts';
import { type ShownDelivery, useDeliveryColumns } from './delivery-columns.tsx';
import { hostOf } from './endpoint-columns.tsx';
import { EndpointHead } from './endpoint-head.tsx';
import { ENDPOINT_LOOK, endpointState } from './webhook-look.ts';
import { DELIVERY_FILTERS, type DeliveryFilter, type Endpoint, readFilter } from './webhook-wire.ts';

const DeliveryPanel = lazy(() => import('./delivery-panel.tsx').then((file) => ({ default: file.DeliveryPanel })));

/** One endpoint, and the log of what was sent to it. */
export function WebhookPage() {
  const t = useText();
  const { id } = useParams({ from: '/shell/controls/webhooks/$id' });
  const query = useQuery(trpc.webhooks.endpoint.queryOptions({ id }));
  const endpoint = query.data;
  const state = endpoint && endpointState(endpoint);
  return (
    <>
      <PageTitle
        title={endpoint ? endpoint.description || hostOf(endpoint.url) : t('webhooks.title')}
        detail={state && <StatusMark {...ENDPOINT_LOOK[state]} label={t(`webhooks.state.${state}`)} />}
      />
      <ControlsTabs>
        <Link {...paths.webhooks()} className="inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink">
          <ArrowLeft aria-hidden="true" size={13} />
          {t('webhooks.page.back')}
        </Link>
      </ControlsTabs>
      {endpoint ? (
        <Content key={id} endpoint={endpoint} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={12} />
      )}
    </>
  );
}

function Content({ endpoint }: { endpoint: Endpoint }) {
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/controls/webhooks/$id' });
  const openId = search.panel ?? null;
  const filter = readFilter(search.status);
  const go = useCallback(
    (next: WebhookSearch, replace = false) => void navigate({ ...paths.webhook(endpoint.id, next), replace }),
    [navigate, endpoint.id],
  );
  const status = filter === 'all' ? {} : { status: filter };
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <EndpointHead endpoint={endpoint} />
        <Filters
          endpoint={endpoint}
          filter={filter}
          onFilter={(next) => go({ ...(openId ? { panel: openId } : {}), ...(next === 'all' ? {} : { status: next }) })}
        />
        <Log
          key={filter}
          endpointId={endpoint.id}
          filter={filter}
          openId={openId}
          onOpen={(id) => go({ ...status, panel: id }, openId !== null)}
        />
      </div>
      {openId && (
        <Suspense>
          <DeliveryPanel id={openId} onClose={() => go(status)} />
        </Suspense>
      )}
    </div>
  );
}

interface FiltersProps {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  onFilter: (filter: DeliveryFilter) => void;
}

function Filters({ endpoint, filter, onFilter }: FiltersProps) {
  const t = useText();
  // What has arrived grows without end and is not counted; what has not is.
  const counts: Partial<Record<DeliveryFilter, number>> = { failing: endpoint.failing, given_up: endpoint.givenUp };
  return (
    <div className="flex min-h-[46px] shrink-0 items-center border-b border-line px-4 py-2">
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">{t('webhooks.filtersLabel')}</legend>
        {DELIVERY_FILTERS.map((one) => (
          <Chip
            key={one}
            label={t(`webhooks.filters.${one}`)}
            count={counts[one]}
            pressed={one === filter}
            onPress={() => onFilter(one)}
          />
        ))}
      </fieldset>
    </div>
  );
}

interface LogProps {
  endpointId: string;
  filter: DeliveryFilter;
  openId: string | null;
  onOpen: (id: string) => void;
}

function Log({ endpointId, filter, openId, onOpen }: LogProps) {
  const t = useText();
  const query = useInfiniteQuery(
    trpc.webhooks.deliveries.infiniteQueryOptions(
      { endpointId, filter },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { held, show } = useHeldRows(fresh, `${endpointId} ${filter}`);
  const columns = useDeliveryColumns();
  return (
    <div className="relative flex min-h-0 flex-1">
      <DataGrid<ShownDelivery>
        label={t('webhooks.log')}
        columns={columns}
        rows={held.rows}
        rowId={(row) => row.id}
        rowName={(row) => row.type}
        openId={openId}
        onOpen={(row) => onOpen(row.id)}
        onMove={(row) => openId !== null && onOpen(row.id)}
        onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
      >
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <SkeletonRows rows={10} />
        ) : filter === 'all' ? (
          <EmptyState title={t('webhooks.logEmptyTitle')}>{t('webhooks.logEmpty')}</EmptyState>
        ) : (
          <EmptyState title={t('webhooks.logNoneTitle')}>{t('webhooks.logNone')}</EmptyState>
        )}
      </DataGrid>
      <NewsPill
        news={held.news}
        gone={held.gone}
        failed={query.isFetchNextPageError}
        onShow={show}
        onRetry={() => void query.fetchNextPage()}
      />
    </div>
  );
}
