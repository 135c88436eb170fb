import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { toast } from '../ui/toast.tsx';
import { BreakNoteDialog } from './break-note-dialog.tsx';
import type { BreakRow } from './reconciliation-wire.ts';
import { refreshReconciliation } from './use-break-command.ts';

interface AcceptBreakDialogProps {
  row: BreakRow;
  onClose: () => void;
}

/** Accepts a break as it is. The button says the difference that is accepted. */
export function AcceptBreakDialog({ row, onClose }: AcceptBreakDialogProps) {
  const t = useText();
  const format = useFormat();
  // One key for as long as the dialog is open: a double click, or a second try after a lost answer, is the same command.
  const [idempotencyKey] = useState(mintCommandKey);
  const [opened] = useState(row.version);
  const accept = useMutation(
    trpc.reconciliation.accept.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: t('reconciliation.acts.accepted') });
        onClose();
      },
      onSettled: refreshReconciliation,
    }),
  );
  const lost = accept.error !== null && readFailure(accept.error).kind === 'fault';
  const money =
    row.currency === null ? null : format.money({ amountMinor: row.differenceMinor, currency: row.currency }, true);
  return (
    <BreakNoteDialog
      title={t('reconciliation.acts.acceptTitle', { type: t(`reconciliation.types.${row.type}`) })}
      lead={t('reconciliation.acts.acceptLead')}
      hint={t('reconciliation.acts.acceptHint')}
      confirm={money ? t('reconciliation.acts.acceptMoney', { money }) : t('reconciliation.acts.acceptConfirm')}
      changed={row.version !== opened && !lost}
      whyNot={lost ? null : whyNot(t, row.can.accept)}
      busy={accept.isPending}
      error={accept.error}
      onSubmit={(note) =>
        accept.mutate(
          accept.variables && lost
            ? accept.variables
            : { idempotencyKey, input: { breakId: row.id, version: row.version, note } },
        )
      }
      onClose={onClose}
    />
  );
}
