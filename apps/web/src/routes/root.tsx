import { createRootRoute } from '@tanstack/react-router';
import { LoneCrashPage } from '../shell/crash-page.tsx';
import { NotFoundPage } from '../shell/not-found-page.tsx';

export const rootRoute = createRootRoute({
  errorComponent: LoneCrashPage,
  notFoundComponent: NotFoundPage,
});
