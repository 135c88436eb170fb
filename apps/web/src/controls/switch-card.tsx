import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { Mark } from '../ui/status-mark.tsx';
import type { ControlRow } from './controls-wire.ts';
import { SinceText } from './since-text.tsx';

const loadDialog = () => import('./switch-dialog.tsx');
const SwitchDialog = lazy(() => loadDialog().then((file) => ({ default: file.SwitchDialog })));

/** The kill switch: its state with who, why and since when, and the way to turn it. */
export function SwitchCard() {
  const t = useText();
  const state = useQuery(trpc.controls.state.queryOptions());
  return (
    <section aria-label={t('controls.switch.title')} className="rounded-lg border border-line px-4 py-3.5">
      {state.data ? (
        <Switch control={state.data.payouts} />
      ) : state.isError ? (
        <ErrorState error={state.error} onRetry={() => void state.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
          <Bar className="w-40" />
          <Bar className="w-80" />
        </div>
      )}
    </section>
  );
}

function Switch({ control }: { control: ControlRow }) {
  const t = useText();
  const [turning, setTurning] = useState(false);
  return (
    <div className="flex items-start gap-4 max-md:flex-col">
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-2 text-md font-semibold">
          <Mark shape={control.on ? 'dot' : 'square'} tone={control.on ? 'safe' : 'high'} size={11} />
          {t('controls.switch.title')}
          <span className={control.on ? 'text-safe' : 'text-high'}>
            {t(control.on ? 'controls.switch.on' : 'controls.switch.off')}
          </span>
        </h2>
        <p className="mt-0.5 text-sm text-quiet">{t('controls.switch.lead')}</p>
        <p className="mt-2 flex flex-wrap gap-x-1.5 text-sm text-ink-2">
          {control.changedBy === null ? (
            t('controls.switch.neverSet')
          ) : (
            <>
              <span>{t('controls.switch.setBy', { who: control.changedBy })}</span>
              {control.changedAt && (
                <span>
                  · <SinceText at={control.changedAt} />
                </span>
              )}
              {control.reason && <span className="wrap-anywhere">· {control.reason}</span>}
            </>
          )}
        </p>
      </div>
      <span onPointerEnter={() => void loadDialog()}>
        <Button
          tone={control.on ? 'danger' : 'primary'}
          whyNot={whyNot(t, control.can.change)}
          onClick={() => setTurning(true)}
        >
          {t(control.on ? 'controls.switch.turnOff' : 'controls.switch.turnOn')}
        </Button>
      </span>
      {turning && (
        <Suspense>
          <SwitchDialog control={control} onClose={() => setTurning(false)} />
        </Suspense>
      )}
    </div>
  );
}
