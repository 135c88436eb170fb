import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { PayoutRow } from './payout-wire.ts';

interface HoldPayoutDialogProps {
  /** The payout as the person sees it: its version is the one that is held. */
  row: PayoutRow;
  onClose: () => void;
}

const SHORTEST_REASON = 3;

/** Stops a payout that has not left yet, with a reason for whoever finds it held. */
export function HoldPayoutDialog({ row, onClose }: HoldPayoutDialogProps) {
  const t = useText();
  const format = useFormat();
  const [idempotencyKey] = useState(mintCommandKey);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const money = format.money(row);
  const short = reason.trim().length < SHORTEST_REASON;

  const hold = useMutation(
    trpc.payouts.hold.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: t('payouts.acts.held', { money }) });
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.payouts.pathFilter()),
    }),
  );
  const press = useSinglePress(hold.mutate);
  const submit = (): void => {
    setAsked(true);
    if (!short && !hold.isPending) {
      press({ idempotencyKey, input: { payoutId: row.id, version: row.version, reason: reason.trim() } });
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!hold.isPending}
      title={t('payouts.acts.holdTitle', { money, holder: row.holder })}
      description={t('payouts.acts.holdLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={hold.isPending} onClick={submit}>
            {t('payouts.acts.holdConfirm', { money })}
          </Button>
        </>
      }
    >
      <Field
        label={t('payouts.acts.holdReason')}
        hint={t('payouts.acts.holdReasonHint')}
        error={asked && short ? t('payouts.acts.holdReasonShort') : undefined}
      >
        {(control) => (
          <Textarea {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <CommandFailure error={hold.error} />
    </Dialog>
  );
}
