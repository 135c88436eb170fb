import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { SecretShown } from './secret-shown.tsx';
import { refreshWebhooks } from './use-webhook-command.ts';
import type { Endpoint } from './webhook-wire.ts';

/** Replaces the signing secret, and shows the new one once. */
export function RotateSecretDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  // As it stood when the dialog opened: a change meanwhile is the server's to refuse.
  const [command] = useState(() => ({
    idempotencyKey: mintCommandKey(),
    input: { endpointId: endpoint.id, version: endpoint.version },
  }));
  const rotate = useMutation(trpc.webhooks.rotate.mutationOptions({ onSettled: refreshWebhooks }));
  const press = useSinglePress(rotate.mutate);
  if (rotate.data) {
    const { secret, previousUntil } = rotate.data;
    const close = (): void => {
      rotate.reset();
      onClose();
    };
    return <SecretShown secret={secret} previousUntil={format.instant(previousUntil)} onClose={close} />;
  }
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!rotate.isPending}
      title={t('webhooks.rotate.title')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={rotate.isPending} onClick={() => press(command)}>
            {t('webhooks.rotate.confirm')}
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-2">{t('webhooks.rotate.lead')}</p>
      {endpoint.previousSecretUntil && (
        <p className="mt-3 text-sm font-medium text-med">
          {t('webhooks.rotate.again', { when: format.instant(endpoint.previousSecretUntil) })}
        </p>
      )}
      <CommandFailure error={rotate.error} />
    </Dialog>
  );
}
