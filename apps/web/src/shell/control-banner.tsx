import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useText, withTexts } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Mark } from '../ui/status-mark.tsx';

const ControlLines = lazy(() =>
  withTexts(['controls', 'payouts'], import('../controls/control-lines.tsx')).then((file) => ({
    default: file.ControlLines,
  })),
);

/** The live stream says when a switch moves; this is for the case in which it does not. */
const REREAD_MS = 60_000;

/**
 * Over every screen: whether money moves, and what is on hold. Nothing is shown only while it is known that nothing is
 * stopped; a state that could not be read says so, and never looks like all is well.
 */
export function ControlBanner() {
  const t = useText();
  const state = useQuery({ ...trpc.controls.state.queryOptions(), refetchInterval: REREAD_MS });
  const paused = state.data?.payouts.on === false;
  return (
    <>
      <p role="status" className="sr-only">
        {state.isError ? t('shell.controls.unreadable') : paused ? t('shell.controls.paused') : ''}
      </p>
      {state.isError && <Line>{t('shell.controls.unreadable')}</Line>}
      {state.data && (paused || state.data.holds.count > 0) && (
        <Suspense fallback={paused && <Line>{t('shell.controls.paused')}</Line>}>
          <ControlLines state={state.data} />
        </Suspense>
      )}
    </>
  );
}

function Line({ children }: { children: string }) {
  return (
    <div className="flex min-h-9 shrink-0 items-center gap-2 border-b border-line bg-high-soft px-4 py-1 text-sm font-medium text-high">
      <Mark shape="square" tone="high" />
      {children}
    </div>
  );
}
