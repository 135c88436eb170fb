import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { PayoutsSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const payoutsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts',
  validateSearch: readSearch<PayoutsSearch>(
    ...(['filter', 'status', 'level', 'cause', 'code', 'rail', 'provider', 'currency', 'merchant', 'owner'] as const),
    ...(['kind', 'min', 'max', 'age', 'panel', 'sort', 'q', 'group', 'cols', 'view'] as const),
  ),
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../payouts/payouts-page.tsx')), 'PayoutsPage'),
});

export const payoutRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts/$id',
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../payouts/payout-page.tsx')), 'PayoutPage'),
});

export const viewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/v/$slug',
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../views/view-page.tsx')), 'ViewPage'),
});
