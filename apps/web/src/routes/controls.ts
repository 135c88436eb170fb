import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { WebhookSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const controlsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls',
  component: lazyRouteComponent(
    () => withTexts(['controls', 'payouts'], import('../controls/controls-page.tsx')),
    'ControlsPage',
  ),
});

export const stuckPolicyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls/stuck-policy',
  component: lazyRouteComponent(
    () => withTexts(['controls', 'payouts'], import('../controls/stuck-policy-page.tsx')),
    'StuckPolicyPage',
  ),
});

export const webhooksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls/webhooks',
  component: lazyRouteComponent(
    () => withTexts(['controls', 'webhooks', 'payouts'], import('../webhooks/webhooks-page.tsx')),
    'WebhooksPage',
  ),
});

export const webhookRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls/webhooks/$id',
  validateSearch: readSearch<WebhookSearch>('panel', 'status'),
  component: lazyRouteComponent(
    () => withTexts(['controls', 'webhooks', 'payouts'], import('../webhooks/webhook-page.tsx')),
    'WebhookPage',
  ),
});
