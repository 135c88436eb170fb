import { type FormEvent, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';

interface HoldSelectionDialogProps {
  count: number;
  onHold: (reason: string) => void;
  onClose: () => void;
}

const SHORTEST_REASON = 3;

/** The reason for holding many payouts. What it would do to each of them is shown next, before anything is done. */
export function HoldSelectionDialog({ count, onHold, onClose }: HoldSelectionDialogProps) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const short = reason.trim().length < SHORTEST_REASON;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (short) return;
    onClose();
    onHold(reason.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('payouts.selection.holdTitle', { count })}
      description={t('payouts.selection.holdLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" type="submit" form="hold-selection">
            {t('payouts.selection.preview')}
          </Button>
        </>
      }
    >
      <form id="hold-selection" onSubmit={submit}>
        <Field
          label={t('payouts.acts.holdReason')}
          hint={t('payouts.acts.holdReasonHint')}
          error={asked && short ? t('payouts.acts.holdReasonShort') : undefined}
        >
          {(control) => (
            <Textarea {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
