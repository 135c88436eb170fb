import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Webhook } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ControlsTabs } from '../controls/controls-tabs.tsx';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { hostOf, useEndpointColumns } from './endpoint-columns.tsx';
import type { Endpoint } from './webhook-wire.ts';

const loadDialog = () => import('./endpoint-dialog.tsx');
const EndpointDialog = lazy(() => loadDialog().then((file) => ({ default: file.EndpointDialog })));

/** Who is told when payouts move: every endpoint, and how it does. */
export function WebhooksPage() {
  const t = useText();
  const navigate = useNavigate();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const query = useQuery(trpc.webhooks.endpoints.queryOptions());
  const columns = useEndpointColumns();
  const refused = may('webhook:manage')
    ? null
    : { code: 'permission_missing' as const, params: { permission: 'webhook:manage' } };
  const rows = query.data ?? [];
  return (
    <>
      <PageTitle title={t('webhooks.title')} />
      <ControlsTabs>
        <span onPointerEnter={() => void loadDialog()}>
          <Button tone="primary" whyNot={whyNot(t, refused)} onClick={() => setAdding(true)}>
            {t('webhooks.add')}
          </Button>
        </span>
      </ControlsTabs>
      <div className="flex min-h-0 flex-1">
        <DataGrid<Endpoint>
          label={t('webhooks.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => row.description || hostOf(row.url)}
          total={rows.length}
          tall
          onOpen={(row) => void navigate(paths.webhook(row.id))}
        >
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={4} tall />
          ) : (
            <EmptyState icon={<Webhook aria-hidden="true" size={20} />} title={t('webhooks.emptyTitle')}>
              {t('webhooks.empty')}
            </EmptyState>
          )}
        </DataGrid>
      </div>
      {adding && (
        <Suspense>
          <EndpointDialog endpoint={null} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
