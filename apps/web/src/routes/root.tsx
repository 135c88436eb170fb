import { createRootRoute } from '@tanstack/react-router';
import { CrashPage } from '../shell/crash-page.tsx';
import { NotFoundPage } from '../shell/not-found-page.tsx';

export const rootRoute = createRootRoute({
  errorComponent: CrashPage,
  notFoundComponent: NotFoundPage,
});
