import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { refreshWebhooks } from './use-webhook-command.ts';

/** The shortest reason that says anything; the server's rule too. */
const SHORTEST_REASON = 3;

/** Turns an endpoint off, with its reason. */
export function DisableEndpointDialog({ endpointId, onClose }: { endpointId: string; onClose: () => void }) {
  const t = useText();
  const [idempotencyKey] = useState(mintCommandKey);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const short = reason.trim().length < SHORTEST_REASON;
  const disable = useMutation(
    trpc.webhooks.disable.mutationOptions({
      onSuccess({ givenUp }) {
        toast({ tone: 'done', title: text()('webhooks.disable.done', { count: givenUp }) });
        onClose();
      },
      onSettled: refreshWebhooks,
    }),
  );
  const press = useSinglePress(disable.mutate);
  const lost = disable.error !== null && readFailure(disable.error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (short) return;
    const input = { endpointId, reason: reason.trim() };
    press(lost && disable.variables ? disable.variables : { idempotencyKey, input });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!disable.isPending}
      title={t('webhooks.disable.title')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={disable.isPending} onClick={submit}>
            {t('webhooks.disable.confirm')}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-sm text-ink-2">{t('webhooks.disable.lead')}</p>
      <Field
        label={t('webhooks.disable.reason')}
        error={asked && short ? t('webhooks.disable.reasonShort') : undefined}
      >
        {(control) => (
          <Textarea {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <CommandFailure error={disable.error} />
    </Dialog>
  );
}
