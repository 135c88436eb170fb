import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { ControlRow, StopPreview as Preview } from './controls-wire.ts';
import { ReasonField } from './reason-field.tsx';
import { GoesNow, StopPreview, StopsNow } from './stop-preview.tsx';
import { refreshControls, SHORTEST_REASON } from './use-control-command.ts';

interface SwitchDialogProps {
  /** The switch as the person sees it: the dialog turns it the other way. */
  control: ControlRow;
  onClose: () => void;
}

/** Pausing or resuming all payouts, as a deliberate act: what stops, what goes on, how much waits, and why. */
export function SwitchDialog({ control, onClose }: SwitchDialogProps) {
  const t = useText();
  const [idempotencyKey] = useState(mintCommandKey);
  const [turnOn] = useState(!control.on);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const change = useMutation(
    trpc.controls.set.mutationOptions({
      onSuccess({ on }) {
        toast({ tone: 'done', title: text()(on ? 'controls.switch.onDone' : 'controls.switch.offDone') });
        onClose();
      },
      onSettled: refreshControls,
    }),
  );
  const press = useSinglePress(change.mutate);
  const lost = change.error !== null && readFailure(change.error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (reason.trim().length < SHORTEST_REASON) return;
    const input = { name: 'payouts' as const, on: turnOn, reason: reason.trim() };
    press(lost && change.variables ? change.variables : { idempotencyKey, input });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!change.isPending}
      title={t(turnOn ? 'controls.switch.onTitle' : 'controls.switch.offTitle')}
      description={t(turnOn ? 'controls.switch.onLead' : 'controls.switch.offLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone={turnOn ? 'primary' : 'danger'}
            busy={change.isPending}
            whyNot={whyNot(t, control.can.change)}
            onClick={submit}
          >
            {t(turnOn ? 'controls.switch.onConfirm' : 'controls.switch.offConfirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {control.on === turnOn && !change.isPending && (
          <p role="status" className="rounded-md bg-med-soft px-3 py-2 text-med">
            {t('controls.switch.changed')}
          </p>
        )}
        <StopPreview asked={{ of: 'all' }}>
          {(preview) => (turnOn ? <GoesNow preview={preview} resumes /> : <Consequences preview={preview} />)}
        </StopPreview>
        <ReasonField value={reason} onValue={setReason} asked={asked} />
      </div>
      <CommandFailure error={change.error} />
    </Dialog>
  );
}

/** What stops and what goes on when everything is paused. */
function Consequences({ preview }: { preview: Preview }) {
  const t = useText();
  return (
    <div className="flex flex-col gap-3 text-sm">
      <StopsNow preview={preview} />
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <List title={t('controls.switch.stops')} mark={<Mark shape="square" tone="high" />}>
          {[t('controls.switch.stopsSend')]}
        </List>
        <List title={t('controls.switch.goesOn')} mark={<Mark shape="dot" tone="safe" />}>
          {[
            ...(preview.onTheWire > 0 ? [t('controls.switch.goesOnWire', { count: preview.onTheWire })] : []),
            t('controls.switch.goesOnAsk'),
            t('controls.switch.goesOnRequests'),
          ]}
        </List>
      </div>
    </div>
  );
}

function List({ title, mark, children }: { title: string; mark: ReactNode; children: readonly string[] }) {
  return (
    <section>
      <h3 className="mb-1 flex items-center gap-2 font-medium">
        {mark}
        {title}
      </h3>
      <ul className="flex flex-col gap-1 text-ink-2">
        {children.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
