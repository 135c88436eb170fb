import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { startLive } from '../lib/live.ts';
import { startShortcuts } from '../lib/shortcuts.ts';
import { Toaster } from '../ui/toast.tsx';
import { ControlBanner } from './control-banner.tsx';
import { NavRail } from './nav-rail.tsx';
import { TitlePlace } from './page-title.tsx';
import { TopBar } from './top-bar.tsx';
import { useShellShortcuts } from './use-shell-shortcuts.ts';

const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })));
const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx').then((file) => ({ default: file.ShortcutSheet })));

type Overlay = 'palette' | 'sheet' | null;

/** The frame around every screen: where to go on the left, who and how on top, the screen itself in the middle. */
export function Shell() {
  const t = useText();
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const close = useCallback(() => setOverlay(null), []);
  const openPalette = useCallback(() => setOverlay('palette'), []);
  const openSheet = useCallback(() => setOverlay('sheet'), []);

  useEffect(() => startShortcuts(), []);
  useEffect(() => startLive(), []);
  useShellShortcuts({ openPalette, openSheet });

  return (
    <TitlePlace value={place}>
      <a
        href="#content"
        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-md bg-ink px-3 py-1.5 text-on-ink focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <div className="flex h-full">
        <NavRail />
        <div className="flex h-full min-w-0 flex-1 flex-col bg-panel">
          <ControlBanner />
          <TopBar titlePlace={setPlace} onSearch={openPalette} onShortcuts={openSheet} />
          <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col -outline-offset-2">
            <Outlet />
          </main>
        </div>
      </div>
      <Toaster />
      <Suspense>
        {overlay === 'palette' && <Palette onClose={close} />}
        {overlay === 'sheet' && <ShortcutSheet onClose={close} />}
      </Suspense>
    </TitlePlace>
  );
}
