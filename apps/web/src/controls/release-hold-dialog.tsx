import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { HoldRow } from './controls-wire.ts';
import { heldName } from './held-name.ts';
import { ReasonField } from './reason-field.tsx';
import { GoesNow, StopPreview } from './stop-preview.tsx';
import { refreshControls, SHORTEST_REASON } from './use-control-command.ts';

/** Ends a hold: who placed it and why, what is sent by that, and why it may go on. */
export function ReleaseHoldDialog({ hold, onClose }: { hold: HoldRow; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(10_000);
  const [idempotencyKey] = useState(mintCommandKey);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const what = heldName(t, hold);
  const release = useMutation(
    trpc.controls.releaseHold.mutationOptions({
      onSuccess({ sends }) {
        const said = text();
        const title = sends
          ? said('controls.holds.releaseDone', { count: sends })
          : said('controls.holds.releaseDoneNone');
        toast({ tone: 'done', title });
        onClose();
      },
      onSettled: refreshControls,
    }),
  );
  const press = useSinglePress(release.mutate);
  const lost = release.error !== null && readFailure(release.error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (reason.trim().length < SHORTEST_REASON) return;
    const input = { holdId: hold.id, reason: reason.trim() };
    press(lost && release.variables ? release.variables : { idempotencyKey, input });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!release.isPending}
      title={t('controls.holds.releaseTitle', { what })}
      description={t('controls.holds.releaseLead', {
        who: hold.placedBy,
        when: format.relative(hold.placedAt, now),
        reason: hold.reason,
      })}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={release.isPending} onClick={submit}>
            {t('controls.holds.releaseConfirm', { what })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <StopPreview asked={{ of: 'hold', holdId: hold.id }}>{(preview) => <GoesNow preview={preview} />}</StopPreview>
        <ReasonField label={t('controls.holds.releaseReason')} value={reason} onValue={setReason} asked={asked} />
      </div>
      <CommandFailure error={release.error} />
    </Dialog>
  );
}
