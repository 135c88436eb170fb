import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { OverrideDetail } from './override-wire.ts';
import { effectText } from './override-words.ts';
import { refreshOverrides, sayAnswer } from './use-override-command.ts';

interface WithdrawOverrideDialogProps {
  override: OverrideDetail;
  onClose: () => void;
}

/** Takes one's own override back. It cannot be opened again, so it is asked once more. */
export function WithdrawOverrideDialog({ override, onClose }: WithdrawOverrideDialogProps) {
  const t = useText();
  const format = useFormat();
  const [idempotencyKey] = useState(mintCommandKey);
  const { row } = override;
  const withdraw = useMutation(
    trpc.overrides.withdraw.mutationOptions({
      onSuccess(answer) {
        sayAnswer(answer, text()('overrides.sign.withdrawnDone'));
        onClose();
      },
      onSettled: refreshOverrides,
    }),
  );
  const press = useSinglePress(withdraw.mutate);
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!withdraw.isPending}
      title={t('overrides.withdraw.title', { effect: effectText(t, row.kind, format.money(row)) })}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="primary"
            busy={withdraw.isPending}
            onClick={() => press({ idempotencyKey, input: { overrideId: row.id } })}
          >
            {t('overrides.withdraw.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('overrides.withdraw.lead')}</p>
      <CommandFailure error={withdraw.error} />
    </Dialog>
  );
}
