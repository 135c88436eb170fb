import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { OverridesSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const overridesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/overrides',
  validateSearch: readSearch<OverridesSearch>('filter', 'panel', 'subject'),
  component: lazyRouteComponent(
    () => withTexts(['overrides', 'payouts'], import('../overrides/overrides-page.tsx')),
    'OverridesPage',
  ),
});

export const overrideRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/overrides/$id',
  component: lazyRouteComponent(
    () => withTexts(['overrides', 'payouts'], import('../overrides/override-page.tsx')),
    'OverridePage',
  ),
});
