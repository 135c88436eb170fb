import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useSession } from '../lib/session.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { providerName } from '../payouts/payout-look.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { useCheckPayout } from '../payouts/use-payout-command.ts';
import { Button, type ButtonTone } from '../ui/button.tsx';
import { ACTION_ICONS } from './break-columns.tsx';
import { actionText, reasonText } from './break-words.ts';
import type { BreakDetail } from './reconciliation-wire.ts';
import { useAssignBreak } from './use-break-command.ts';

const AcceptBreakDialog = lazy(() =>
  import('./accept-break-dialog.tsx').then((file) => ({ default: file.AcceptBreakDialog })),
);
const EscalateBreakDialog = lazy(() =>
  import('./escalate-break-dialog.tsx').then((file) => ({ default: file.EscalateBreakDialog })),
);

interface BreakNextProps {
  detail: BreakDetail;
  onRetry: (payoutId: string) => void;
}

type Act = 'retry' | 'check' | 'assign' | 'override' | 'escalate' | 'accept';

/** What to do, why, under what conditions, and the button for it; what cannot be done says why. */
export function BreakNext({ detail, onRetry }: BreakNextProps) {
  const t = useText();
  const format = useFormat();
  const { action } = detail.row;
  const Icon = ACTION_ICONS[action.action];
  return (
    <>
      <p>
        <Icon aria-hidden="true" size={14} className="mr-1.5 inline-block align-[-2px]" />
        <strong className="font-semibold">{actionText(t, format, action)}.</strong> {reasonText(t, action)}
      </p>
      {action.preconditions.length > 0 && (
        <p className="mt-1 text-xs text-quiet">
          {t('reconciliation.panel.before')}{' '}
          {action.preconditions.map((one) => t(`reconciliation.preconditions.${one}`)).join(' · ')}
        </p>
      )}
      <Acts detail={detail} onRetry={onRetry} />
    </>
  );
}

/** The act that the recommendation asks for; null where it asks to wait. */
function firstAct({ row, payout }: BreakDetail): Act | null {
  switch (row.action.action) {
    case 'retry':
      return 'retry';
    case 'check_provider':
      return 'check';
    case 'escalate':
      // Once it has been raised, somebody has to look after it.
      return row.escalatedAt === null ? 'escalate' : 'assign';
    case 'wait_until':
      return null;
    case 'manual_review': {
      const needsOverride = row.action.preconditions.includes('override_approved');
      return needsOverride && payout && payout.can.requestOverride === null ? 'override' : 'assign';
    }
  }
}

function Acts({ detail, onRetry }: BreakNextProps) {
  const t = useText();
  const navigate = useNavigate();
  const { row, payout } = detail;
  const me = useSession()?.person.id;
  const mine = row.assignee !== null && row.assignee.id === me;
  const [dialog, setDialog] = useState<'accept' | 'escalate'>();
  const assign = useAssignBreak(row.id);
  const toggleAssign = (): void => assign.run(mine ? 'nobody' : 'me');
  const first = firstAct(detail);
  const retry = first === 'retry' && payout ? () => onRetry(payout.id) : null;

  useShortcut('r', 'act', 'reconciliation.acts.retryShortcut', retry);
  useShortcut('a', 'act', 'reconciliation.acts.assignShortcut', row.can.assign ? null : toggleAssign);

  const noPayout = payout
    ? null
    : { short: t('reconciliation.acts.noPayout'), sentence: t('reconciliation.acts.noPayoutBody') };
  const escalated = row.escalatedAt !== null && {
    short: t('reconciliation.acts.alreadyEscalated'),
    sentence: t('reconciliation.acts.alreadyEscalatedBody'),
  };
  const tone = (act: Act): ButtonTone => (act === first ? 'primary' : 'secondary');
  const buttons: Partial<Record<Act, ReactNode>> = {
    ...(first === 'retry' && {
      retry: (
        <Button
          key="retry"
          tone="primary"
          kbd="r"
          whyNot={noPayout ?? whyNot(t, payout?.can.retry ?? null)}
          onClick={() => retry?.()}
        >
          {t('reconciliation.acts.retry')}
        </Button>
      ),
    }),
    ...(first === 'check' && payout && { check: <CheckButton key="check" payout={payout} /> }),
    assign: (
      <Button
        key="assign"
        tone={tone('assign')}
        kbd="a"
        busy={assign.busy}
        whyNot={whyNot(t, row.can.assign)}
        onClick={toggleAssign}
      >
        {t(mine ? 'reconciliation.acts.unassign' : 'reconciliation.acts.assign')}
      </Button>
    ),
    override: (
      <Button
        key="override"
        tone={tone('override')}
        whyNot={noPayout ?? whyNot(t, payout?.can.requestOverride ?? null)}
        onClick={() => payout && void navigate(paths.requestOverride(payout.id))}
      >
        {t('reconciliation.acts.override')}
      </Button>
    ),
    escalate: (
      <Button
        key="escalate"
        tone={tone('escalate')}
        whyNot={escalated || whyNot(t, row.can.escalate)}
        onClick={() => setDialog('escalate')}
      >
        {t('reconciliation.acts.escalate')}
      </Button>
    ),
    accept: (
      <Button key="accept" tone={tone('accept')} whyNot={whyNot(t, row.can.accept)} onClick={() => setDialog('accept')}>
        {t('reconciliation.acts.accept')}
      </Button>
    ),
  };
  const order = Object.keys(buttons) as Act[];
  const sorted = first === null ? order : [first, ...order.filter((act) => act !== first)];
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {sorted.map((act) => buttons[act])}
      {dialog && (
        <Suspense>
          {dialog === 'accept' ? (
            <AcceptBreakDialog row={row} onClose={() => setDialog(undefined)} />
          ) : (
            <EscalateBreakDialog row={row} onClose={() => setDialog(undefined)} />
          )}
        </Suspense>
      )}
    </div>
  );
}

/** Has the provider asked about the payout. Reading moves no money, so one press does it. */
function CheckButton({ payout }: { payout: PayoutRow }) {
  const t = useText();
  const provider = providerName(payout.provider);
  const check = useCheckPayout(payout.id, t('reconciliation.acts.checkDone', { provider }));
  useShortcut('c', 'act', 'payouts.acts.checkShortcut', payout.can.check ? null : check.run);
  return (
    <Button tone="primary" kbd="c" busy={check.busy} whyNot={whyNot(t, payout.can.check)} onClick={check.run}>
      {t('reconciliation.acts.check', { provider })}
    </Button>
  );
}
