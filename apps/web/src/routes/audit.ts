import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { AuditSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  validateSearch: readSearch<AuditSearch>('panel', 'subject', 'actor', 'act', 'outcome', 'since', 'until'),
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});
