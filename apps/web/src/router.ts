import { createRouter } from '@tanstack/react-router';
import { onSignedOut, queryClient, trpc } from './lib/trpc.ts';
import { routeTree } from './routes/route-tree.ts';
import { CrashPage } from './shell/crash-page.tsx';

export const router = createRouter({
  routeTree,
  // Pointing at a link fetches its code and its data's beginning: the press then finds them there.
  defaultErrorComponent: CrashPage,
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// A session that ended elsewhere: what the routes know of it goes, and they send the person to the sign-in.
onSignedOut(() => {
  queryClient.setQueryData(trpc.session.me.queryKey(), null);
  void router.invalidate();
});
