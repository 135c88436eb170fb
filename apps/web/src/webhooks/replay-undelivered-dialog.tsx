import { DAY_MS, HOUR_MS } from '@countersign/api/src/core/time.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { refreshWebhooks } from './use-webhook-command.ts';

const SPANS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;
type Span = keyof typeof SPANS;

/** Sends everything of a span of time that has not arrived again. */
export function ReplayUndeliveredDialog({ endpointId, onClose }: { endpointId: string; onClose: () => void }) {
  const t = useText();
  const [openedAt] = useState(() => Date.now());
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const [span, setSpan] = useState<Span>('day');
  const replay = useMutation(
    trpc.webhooks.replayUndelivered.mutationOptions({
      onSuccess({ replayed, more }) {
        const say = text();
        toast({
          tone: 'done',
          title: say('webhooks.replayAll.done', { count: replayed }),
          ...(more ? { body: say('webhooks.replayAll.more') } : {}),
        });
        onClose();
      },
      onError: (error) => readFailure(error).kind === 'refusal' && setKey(mintCommandKey()),
      onSettled: refreshWebhooks,
    }),
  );
  const press = useSinglePress(replay.mutate);
  const lost = replay.error !== null && readFailure(replay.error).kind === 'fault';
  const submit = (): void => {
    const input = { endpointId, since: new Date(openedAt - SPANS[span]).toISOString() };
    press(lost && replay.variables ? replay.variables : { idempotencyKey, input });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!replay.isPending}
      title={t('webhooks.replayAll.title')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={replay.isPending} onClick={submit}>
            {t('webhooks.replayAll.confirm')}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-sm text-ink-2">{t('webhooks.replayAll.lead')}</p>
      <Field label={t('webhooks.replayAll.since')} hint={t('webhooks.replayAll.bound')}>
        {(control) => (
          <Select {...control} value={span} onChange={(event) => setSpan(event.target.value as Span)}>
            {(Object.keys(SPANS) as Span[]).map((one) => (
              <option key={one} value={one}>
                {t(`webhooks.replayAll.choices.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <CommandFailure error={replay.error} />
    </Dialog>
  );
}
