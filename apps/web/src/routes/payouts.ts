import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { PayoutsSearch } from '../paths.ts';
import { fetchDeskAhead } from '../payouts/payout-pages.ts';
import { keepUnreadable } from '../payouts/payouts-question.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

const readPayouts = readSearch<PayoutsSearch>(
  ...(['filter', 'status', 'level', 'cause', 'code', 'rail', 'provider', 'currency', 'merchant', 'owner'] as const),
  ...(['kind', 'min', 'max', 'age', 'panel', 'sort', 'q', 'group', 'cols', 'view'] as const),
);

export const payoutsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts',
  validateSearch: (raw: Record<string, unknown>): PayoutsSearch => keepUnreadable(raw, readPayouts(raw)),
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => fetchDeskAhead(deps),
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../payouts/payouts-page.tsx')), 'PayoutsPage'),
});

export const payoutRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/payouts/$id',
  component: lazyRouteComponent(
    () => withTexts(['payouts', 'collab'], import('../payouts/payout-page.tsx')),
    'PayoutPage',
  ),
});

export const viewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/v/$slug',
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../views/view-page.tsx')), 'ViewPage'),
});
