import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { loadSession } from '../lib/session.ts';
import { paths, type SignInSearch, safeReturn } from '../paths.ts';
import { rootRoute } from './root.tsx';
import { readSearch } from './search.ts';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: readSearch<SignInSearch>('from'),
  beforeLoad: async ({ search }) => {
    // The form must also show when the server cannot say who is signed in.
    const session = await loadSession().catch(() => null);
    if (!session) return;
    const from = safeReturn(search.from);
    throw from ? redirect({ href: from }) : redirect(paths.home());
  },
  component: lazyRouteComponent(() => import('../sign-in/sign-in-page.tsx'), 'SignInPage'),
});
