import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { loadSession } from '../lib/session.ts';
import { paths } from '../paths.ts';
import { LoneCrashPage } from '../shell/crash-page.tsx';
import { rootRoute } from './root.tsx';

/** Everything behind the sign-in. The server decides again at each call; this only sends people to the right page. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const session = await loadSession();
    if (!session) throw redirect(paths.signIn(location.href === '/' ? {} : { from: location.href }));
    return { session };
  },
  component: lazyRouteComponent(() => import('../shell/shell.tsx'), 'Shell'),
  errorComponent: LoneCrashPage,
});
