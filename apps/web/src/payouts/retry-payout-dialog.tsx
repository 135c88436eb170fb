import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { DescriptionList } from '../ui/description-list.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { providerName } from './payout-look.ts';
import type { RetryPreviewWire } from './payout-wire.ts';
import { RetryFacts } from './retry-facts.tsx';
import { RetryVerdict } from './retry-verdict.tsx';
import { nextNo, type RetryView, retryTitle, retryWhy, shownPlan } from './retry-words.ts';

interface RetryPayoutDialogProps {
  payoutId: string;
  onClose: () => void;
}

/**
 * The retry's preview: the provider is asked what became of the last attempt, and what came of that is shown with everything
 * else that the verdict rests on. Pressing its button is the act; nothing before it fires.
 */
export function RetryPayoutDialog({ payoutId, onClose }: RetryPayoutDialogProps) {
  const t = useText();
  const look = useMutation(
    trpc.payouts.previewRetry.mutationOptions({
      // The look may have moved the payout: its row and its panel tell the same as the dialog.
      onSuccess: ({ askedNow }) => (askedNow ? queryClient.invalidateQueries(trpc.payouts.pathFilter()) : undefined),
    }),
  );
  const ask = look.mutate;
  useEffect(() => ask({ id: payoutId }), [ask, payoutId]);
  if (look.data) {
    return (
      <Preview preview={look.data} asking={look.isPending} onAsk={() => ask({ id: payoutId })} onClose={onClose} />
    );
  }
  return (
    <Dialog open onClose={onClose} title={t('payouts.retry.button')}>
      {look.isError ? (
        <ErrorState error={look.error} onRetry={() => ask({ id: payoutId })} />
      ) : (
        <div role="status" className="flex flex-col gap-3">
          <p className="text-quiet">{t('payouts.retry.asking', { provider: t('payouts.retry.theProvider') })}</p>
          <Bar className="h-24! w-full" />
          <Bar className="h-32! w-full" />
        </div>
      )}
    </Dialog>
  );
}

interface PreviewProps {
  preview: RetryPreviewWire;
  asking: boolean;
  onAsk: () => void;
  onClose: () => void;
}

function Preview({ preview, asking, onAsk, onClose }: PreviewProps) {
  const t = useText();
  const format = useFormat();
  // One key for as long as the dialog is open: a double click, or a second try after a lost answer, is the same command.
  const [idempotencyKey] = useState(mintCommandKey);
  const { row, verdict } = preview;
  const provider = providerName(row.provider);
  const money = format.money(row);

  const send = useMutation(
    trpc.payouts.retry.mutationOptions({
      onSuccess({ plan, attemptNo }) {
        if (plan && attemptNo) {
          toast({ tone: 'done', title: t(`payouts.retry.done.${plan}`, { no: attemptNo, provider }) });
        }
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.payouts.pathFilter()),
    }),
  );
  const press = useSinglePress(send.mutate);
  const failure = send.error && readFailure(send.error);
  const lost = failure?.kind === 'fault';
  // After a lost answer the payout may have moved because of us: only the same key and input can tell, so it stays.
  const refused = lost ? null : whyNot(t, row.can.retry);

  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      dismissible={!send.isPending}
      title={t('payouts.retry.dialogTitle', { money, holder: row.holder })}
      description={t('payouts.retry.dialogLead')}
      footer={
        <>
          <Button
            tone="ghost"
            busy={asking}
            onClick={() => {
              send.reset();
              onAsk();
            }}
          >
            {t('payouts.retry.askAgain')}
          </Button>
          <span className="flex-1" />
          <Button tone="ghost" onClick={onClose}>
            {t(preview.healed ? 'common.close' : 'common.cancel')}
          </Button>
          <Button
            tone="primary"
            busy={send.isPending}
            whyNot={refused}
            onClick={() =>
              press(
                send.variables && lost
                  ? send.variables
                  : { idempotencyKey, input: { payoutId: row.id, version: preview.version } },
              )
            }
          >
            {t(verdict === 'check_first' ? 'payouts.retry.confirmAsk' : 'payouts.retry.confirm', { money, provider })}
          </Button>
        </>
      }
    >
      {preview.healed && (
        <p role="status" className="mb-3 rounded-md bg-safe-soft px-3 py-2 text-safe">
          {t('payouts.retry.healed', { provider })}
        </p>
      )}
      <Verdict view={{ row, retry: preview }} />
      <RetryFacts proof={preview.proof} provider={provider} askedNow={preview.askedNow} />
      <CommandFailure error={send.error} />
    </Dialog>
  );
}

/** The verdict, why, what will happen, and under which key. */
function Verdict({ view }: { view: RetryView }) {
  const t = useText();
  const format = useFormat();
  const { retry, row } = view;
  const provider = providerName(row.provider);
  const plan = shownPlan(retry);
  const no = nextNo(retry);
  const { attempt, replayWindowMs } = retry.proof;
  const willNot = plan === null || plan === 'send' ? null : t(`payouts.retry.willNot.${plan}`, { provider });
  const items = [
    { term: t('payouts.retry.terms.why'), detail: retryWhy(t, view, format.duration(replayWindowMs)) },
    ...(plan ? [{ term: t('payouts.retry.terms.will'), detail: t(`payouts.retry.will.${plan}`, { no }) }] : []),
    ...(willNot ? [{ term: t('payouts.retry.terms.willNot'), detail: willNot }] : []),
    ...(plan && plan !== 'ask_provider'
      ? [
          {
            term: t('payouts.retry.usesKey'),
            detail:
              attempt && retry.plan !== 'new_attempt' ? (
                <IdText id={attempt.providerKey} copy />
              ) : (
                t('payouts.retry.newKey', { no })
              ),
          },
        ]
      : []),
  ];
  return (
    <RetryVerdict verdict={retry.verdict} title={retryTitle(t, view)}>
      <DescriptionList items={items} />
    </RetryVerdict>
  );
}
