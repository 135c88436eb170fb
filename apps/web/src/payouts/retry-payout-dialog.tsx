import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { MoneyTrail } from './money-trail.tsx';
import { providerName } from './payout-look.ts';
import type { PayoutDetail } from './payout-wire.ts';
import { RetrySafety } from './retry-safety.tsx';

interface RetryPayoutDialogProps {
  payoutId: string;
  onClose: () => void;
}

/** The retry's preview: what it would do, on what proof. Pressing its button is the act; nothing before it fires. */
export function RetryPayoutDialog({ payoutId, onClose }: RetryPayoutDialogProps) {
  const t = useText();
  const query = useQuery(trpc.payouts.detail.queryOptions({ id: payoutId }));
  if (query.data) return <Preview payout={query.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t('payouts.retry.button')}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
          <Bar className="w-56" />
          <Bar className="h-32! w-full" />
        </div>
      )}
    </Dialog>
  );
}

interface PreviewProps {
  payout: PayoutDetail;
  onClose: () => void;
}

function Preview({ payout, onClose }: PreviewProps) {
  const t = useText();
  const format = useFormat();
  // One key for as long as the dialog is open: a double click, or a second try after a lost answer, is the same command.
  const [idempotencyKey] = useState(mintCommandKey);
  const [opened] = useState(payout.row.version);
  const { row, retry } = payout;
  const provider = providerName(row.provider);
  const money = format.money(row);

  const send = useMutation(
    trpc.payouts.retry.mutationOptions({
      onSuccess({ plan, attemptNo }) {
        if (plan) toast({ tone: 'done', title: t(`payouts.retry.done.${plan}`, { no: attemptNo, provider }) });
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.payouts.pathFilter()),
    }),
  );
  const press = useSinglePress(send.mutate);
  const lost = send.error !== null && readFailure(send.error).kind === 'fault';
  // After a lost answer the payout may have moved because of us: only the same key and input can tell, so it stays.
  const refused = lost ? null : whyNot(t, row.can.retry);

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!send.isPending}
      title={t('payouts.retry.dialogTitle', { money, holder: row.holder })}
      description={t('payouts.retry.dialogLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="primary"
            busy={send.isPending}
            whyNot={refused}
            onClick={() =>
              press(
                send.variables && lost
                  ? send.variables
                  : { idempotencyKey, input: { payoutId: row.id, version: row.version } },
              )
            }
          >
            {t(retry.verdict === 'check_first' ? 'payouts.retry.confirmAsk' : 'payouts.retry.confirm', {
              money,
              provider,
            })}
          </Button>
        </>
      }
    >
      {row.version !== opened && !lost && (
        <p role="status" className="mb-3 rounded-md bg-med-soft px-3 py-2 text-med">
          {t('payouts.retry.changed')}
        </p>
      )}
      <RetrySafety payout={payout} />
      <h3 className="mt-4 mb-2 text-2xs font-medium text-quiet">{t('payouts.panel.where')}</h3>
      <MoneyTrail trail={payout.trail} row={row} />
      <CommandFailure error={send.error} />
    </Dialog>
  );
}
