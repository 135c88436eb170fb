import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';
import { BreakNoteDialog } from './break-note-dialog.tsx';
import type { BreakRow } from './reconciliation-wire.ts';
import { refreshReconciliation } from './use-break-command.ts';

interface EscalateBreakDialogProps {
  row: BreakRow;
  onClose: () => void;
}

/** Raises a break for everybody, with what is at stake. */
export function EscalateBreakDialog({ row, onClose }: EscalateBreakDialogProps) {
  const t = useText();
  // One key for as long as the dialog is open: a double click, or a second try after a lost answer, is the same command.
  const [idempotencyKey] = useState(mintCommandKey);
  const [opened] = useState(row.version);
  const escalate = useMutation(
    trpc.reconciliation.escalate.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: t('reconciliation.acts.escalated') });
        onClose();
      },
      onSettled: refreshReconciliation,
    }),
  );
  const lost = escalate.error !== null && readFailure(escalate.error).kind === 'fault';
  return (
    <BreakNoteDialog
      title={t('reconciliation.acts.escalateTitle', { type: t(`reconciliation.types.${row.type}`) })}
      lead={t('reconciliation.acts.escalateLead')}
      hint={t('reconciliation.acts.escalateHint')}
      confirm={t('reconciliation.acts.escalateConfirm')}
      changed={row.version !== opened && !lost}
      whyNot={lost ? null : whyNot(t, row.can.escalate)}
      busy={escalate.isPending}
      error={escalate.error}
      onSubmit={(note) =>
        escalate.mutate(
          escalate.variables && lost
            ? escalate.variables
            : { idempotencyKey, input: { breakId: row.id, version: row.version, note } },
        )
      }
      onClose={onClose}
    />
  );
}
