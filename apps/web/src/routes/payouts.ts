import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { PayoutsSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const payoutsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts',
  validateSearch: readSearch<PayoutsSearch>('filter', 'panel', 'sort', 'q'),
  component: lazyRouteComponent(() => import('../payouts/payouts-page.tsx'), 'PayoutsPage'),
});

export const payoutRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts/$id',
  component: lazyRouteComponent(() => import('../payouts/payout-page.tsx'), 'PayoutPage'),
});
