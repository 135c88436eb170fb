import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followLanguage } from './lib/i18n.ts';
import { loadSession } from './lib/session.ts';
import { followTheme } from './lib/theme.ts';
import { queryClient } from './lib/trpc.ts';
import { router } from './router.ts';
import './styles.css';

followTheme();
// Asked for while the language is on its way; whether it failed is the routes' business, which ask again.
loadSession().catch(() => undefined);
await followLanguage();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
