import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { AuditSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  validateSearch: readSearch<AuditSearch>('panel', 'subject', 'actor', 'act', 'outcome', 'since', 'until'),
  component: lazyRouteComponent(() => withTexts(['audit'], import('../audit/audit-page.tsx')), 'AuditPage'),
});
