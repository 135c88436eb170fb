import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { OverrideDetail } from './override-wire.ts';
import { effectText } from './override-words.ts';
import { refreshOverrides, sayAnswer } from './use-override-command.ts';

interface RejectOverrideDialogProps {
  override: OverrideDetail;
  onClose: () => void;
}

const SHORTEST_REASON = 3;

/** A no, with its reason: it is what the maker and every auditor will read. */
export function RejectOverrideDialog({ override, onClose }: RejectOverrideDialogProps) {
  const t = useText();
  const format = useFormat();
  const [idempotencyKey] = useState(mintCommandKey);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const { row } = override;
  const short = reason.trim().length < SHORTEST_REASON;
  const reject = useMutation(
    trpc.overrides.reject.mutationOptions({
      onSuccess(answer) {
        sayAnswer(answer, text()('overrides.sign.rejectedDone'));
        onClose();
      },
      onSettled: refreshOverrides,
    }),
  );
  const press = useSinglePress(reject.mutate);
  const submit = (): void => {
    setAsked(true);
    if (!short) press({ idempotencyKey, input: { overrideId: row.id, reason: reason.trim() } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!reject.isPending}
      title={t('overrides.reject.title', { effect: effectText(t, row.kind, format.money(row)) })}
      description={t('overrides.reject.lead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="danger" busy={reject.isPending} onClick={submit}>
            {t('overrides.reject.confirm')}
          </Button>
        </>
      }
    >
      <Field label={t('overrides.reject.reason')} error={asked && short ? t('overrides.reject.short') : undefined}>
        {(control) => (
          <Textarea {...control} maxLength={2_000} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <CommandFailure error={reject.error} />
    </Dialog>
  );
}
