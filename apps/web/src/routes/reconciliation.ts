import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { FileSearch, FilesSearch, ReconciliationSearch, RunSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const reconciliationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation',
  validateSearch: readSearch<ReconciliationSearch>('panel', 'kind'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation'], import('../reconciliation/reconciliation-page.tsx')),
    'ReconciliationPage',
  ),
});

export const filesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation/files',
  validateSearch: readSearch<FilesSearch>('panel', 'source'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation', 'settlement'], import('../settlement/files-page.tsx')),
    'FilesPage',
  ),
});

export const fileRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation/files/$fileId',
  validateSearch: readSearch<FileSearch>('panel'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation', 'settlement'], import('../settlement/file-page.tsx')),
    'FilePage',
  ),
});

export const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation/$runId',
  validateSearch: readSearch<RunSearch>('filter', 'panel'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation', 'payouts'], import('../reconciliation/run-page.tsx')),
    'RunPage',
  ),
});
