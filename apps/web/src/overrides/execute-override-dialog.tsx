import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DiffList } from '../ui/diff-list.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { OverrideDetail } from './override-wire.ts';
import { effectText } from './override-words.ts';
import { refreshOverrides, sayAnswer } from './use-override-command.ts';
import { usePreviewItems } from './use-preview-items.ts';

interface ExecuteOverrideDialogProps {
  override: OverrideDetail;
  onClose: () => void;
}

/** The last look before it is done: what changes, in one list. It also keeps a second click on "Approve" from doing it. */
export function ExecuteOverrideDialog({ override, onClose }: ExecuteOverrideDialogProps) {
  const t = useText();
  const format = useFormat();
  const [idempotencyKey] = useState(mintCommandKey);
  const { row, preview } = override;
  const items = usePreviewItems(preview ?? []);
  const effect = effectText(t, row.kind, format.money(row));
  const execute = useMutation(
    trpc.overrides.execute.mutationOptions({
      onSuccess(answer) {
        sayAnswer(answer, text()('overrides.sign.executedDone', { effect }));
        onClose();
      },
      onSettled: refreshOverrides,
    }),
  );
  const press = useSinglePress(execute.mutate);
  // After a lost answer it may be done already: only the same key can tell, so the button stays.
  const lost = execute.error !== null && readFailure(execute.error).kind === 'fault';
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      dismissible={!execute.isPending}
      title={t('overrides.execute.title', { effect })}
      description={t('overrides.execute.lead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="primary"
            busy={execute.isPending}
            whyNot={lost ? null : whyNot(t, row.can.execute)}
            onClick={() => press({ idempotencyKey, input: { overrideId: row.id } })}
          >
            {t('overrides.execute.confirm', { effect })}
          </Button>
        </>
      }
    >
      {items.length > 0 && <DiffList caption={t('overrides.page.whatChanges')} items={items} />}
      <CommandFailure error={execute.error} />
    </Dialog>
  );
}
