import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/status-mark.tsx';
import type { ControlRow, ControlState } from './controls-wire.ts';
import { heldName } from './held-name.ts';
import { SinceText } from './since-text.tsx';

const SwitchDialog = lazy(() => import('./switch-dialog.tsx').then((file) => ({ default: file.SwitchDialog })));

/** What the banner over every screen says: payouts are paused, and in a quieter line what is on hold. */
export function ControlLines({ state }: { state: ControlState }) {
  const t = useText();
  return (
    <section aria-label={t('controls.banner.label')} className="shrink-0">
      {!state.payouts.on && <PausedLine control={state.payouts} />}
      {state.holds.count > 0 && <HoldsLine holds={state.holds} />}
    </section>
  );
}

function PausedLine({ control }: { control: ControlRow }) {
  const t = useText();
  const [resuming, setResuming] = useState(false);
  return (
    <div className="flex min-h-10 items-center gap-x-2 gap-y-1 border-b border-line bg-high-soft px-4 py-1.5 text-sm text-high">
      <Mark shape="square" tone="high" />
      <p className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-1.5">
        <strong className="font-semibold">{t('shell.controls.paused')}</strong>
        {control.changedBy === null ? (
          <span>· {t('controls.banner.neverSet')}</span>
        ) : (
          <>
            <span>· {t('controls.banner.by', { who: control.changedBy })}</span>
            {control.changedAt && (
              <span>
                · <SinceText at={control.changedAt} />
              </span>
            )}
            {control.reason && <span className="min-w-0 wrap-anywhere">· {control.reason}</span>}
          </>
        )}
      </p>
      <Button whyNot={whyNot(t, control.can.change)} onClick={() => setResuming(true)}>
        {t('controls.switch.turnOn')}
      </Button>
      {resuming && (
        <Suspense>
          <SwitchDialog control={control} onClose={() => setResuming(false)} />
        </Suspense>
      )}
    </div>
  );
}

function HoldsLine({ holds }: { holds: ControlState['holds'] }) {
  const t = useText();
  const names = holds.first.map((held) => heldName(t, held)).join(', ');
  const more = holds.count - holds.first.length;
  return (
    <div className="flex min-h-8 items-center gap-2 border-b border-line bg-sunken px-4 py-1 text-sm text-ink-2">
      <Mark shape="open-square" tone="med" />
      <p className="min-w-0 flex-1 truncate">
        {t('controls.banner.holds', { count: holds.count, names })}
        {more > 0 && ` ${t('controls.banner.more', { count: more })}`}
      </p>
      <Link
        {...paths.controls()}
        className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
      >
        {t('controls.banner.open')}
      </Link>
    </div>
  );
}
