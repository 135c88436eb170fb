import { RotateCw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { AssignButton } from '../collab/assign-button.tsx';
import { SnoozeButton } from '../collab/snooze-button.tsx';
import { whyNot } from '../lib/failure.ts';
import { useText, withTexts } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { Button } from '../ui/button.tsx';
import { providerName } from './payout-look.ts';
import type { PayoutDetail } from './payout-wire.ts';
import { useCheckPayout } from './use-payout-command.ts';

const HoldPayoutDialog = lazy(() =>
  import('./hold-payout-dialog.tsx').then((file) => ({ default: file.HoldPayoutDialog })),
);

const RequestOverrideDialog = lazy(() =>
  withTexts(['overrides'], import('../overrides/request-override-dialog.tsx')).then((file) => ({
    default: file.RequestOverrideDialog,
  })),
);

interface PayoutActionsProps {
  payout: PayoutDetail;
  /** Opens the retry's preview; `r` does the same on the page that owns it. */
  onRetry: () => void;
}

/** What can be done with it. What cannot stays in its place and says why. */
export function PayoutActions({ payout, onRetry }: PayoutActionsProps) {
  const t = useText();
  const { row, retry } = payout;
  const { can } = row;
  const provider = providerName(row.provider);
  const [holding, setHolding] = useState(false);
  const [asking, setAsking] = useState(false);
  const check = useCheckPayout(row.id, t('payouts.acts.checkDone', { provider }));

  useShortcut('c', 'act', 'payouts.acts.checkShortcut', can.check ? null : check.run);

  return (
    <div className="flex flex-wrap gap-2">
      <Button
        tone="primary"
        kbd="r"
        icon={<RotateCw aria-hidden="true" size={14} />}
        whyNot={whyNot(t, can.retry)}
        onClick={onRetry}
      >
        {t(retry.verdict === 'check_first' ? 'payouts.retry.askButton' : 'payouts.retry.button')}
      </Button>
      <Button kbd="c" busy={check.busy} whyNot={whyNot(t, can.check)} onClick={check.run}>
        {t('payouts.acts.check', { provider })}
      </Button>
      <AssignButton row={row} />
      <SnoozeButton row={row} />
      <Button whyNot={whyNot(t, can.hold)} onClick={() => setHolding(true)}>
        {t('payouts.acts.hold')}
      </Button>
      <Button whyNot={whyNot(t, can.requestOverride)} onClick={() => setAsking(true)}>
        {t('payouts.acts.override')}
      </Button>
      {holding && (
        <Suspense>
          <HoldPayoutDialog row={row} onClose={() => setHolding(false)} />
        </Suspense>
      )}
      {asking && (
        <Suspense>
          <RequestOverrideDialog payoutId={row.id} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </div>
  );
}
