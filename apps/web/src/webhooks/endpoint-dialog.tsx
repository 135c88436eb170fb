import type { UrlFault } from '@countersign/api/src/webhooks/endpoint-url.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { type Text, text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { SecretShown } from './secret-shown.tsx';
import { TypeChoice } from './type-choice.tsx';
import { refreshWebhooks } from './use-webhook-command.ts';
import { ALL_TYPES, type Endpoint } from './webhook-wire.ts';

interface EndpointDialogProps {
  /** The endpoint to change; null adds one. */
  endpoint: Endpoint | null;
  onClose: () => void;
}

/** Adds an endpoint, and shows its secret once; or changes one. */
export function EndpointDialog({ endpoint, onClose }: EndpointDialogProps) {
  const t = useText();
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [description, setDescription] = useState(endpoint?.description ?? '');
  const [types, setTypes] = useState<readonly string[]>(endpoint?.types ?? [ALL_TYPES]);
  const [asked, setAsked] = useState(false);
  // A refused command left nothing: what is sent after a correction is another command.
  const onError = (error: unknown) => readFailure(error).kind === 'refusal' && setKey(mintCommandKey());

  const add = useMutation(trpc.webhooks.add.mutationOptions({ onError, onSettled: refreshWebhooks }));
  const change = useMutation(
    trpc.webhooks.change.mutationOptions({
      onSuccess() {
        toast({ tone: 'done', title: text()('webhooks.form.saved') });
        onClose();
      },
      onError,
      onSettled: refreshWebhooks,
    }),
  );
  const pressAdd = useSinglePress(add.mutate);
  const pressChange = useSinglePress(change.mutate);
  const { error, isPending } = endpoint ? change : add;
  const fault = urlFaultOf(error);
  const lost = error !== null && readFailure(error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (url.trim() === '' || types.length === 0) return;
    // After a lost answer the same command goes out again, whatever was typed since: the server does it once.
    const fields = { url: url.trim(), description: description.trim(), types: types as [typeof ALL_TYPES] };
    if (endpoint) {
      const input = { endpointId: endpoint.id, version: endpoint.version, ...fields };
      pressChange(lost && change.variables ? change.variables : { idempotencyKey, input });
    } else pressAdd(lost && add.variables ? add.variables : { idempotencyKey, input: fields });
  };

  if (add.data) {
    const close = (): void => {
      add.reset();
      onClose();
    };
    return <SecretShown secret={add.data.secret} previousUntil={null} onClose={close} />;
  }
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!isPending}
      title={t(endpoint ? 'webhooks.form.editTitle' : 'webhooks.form.addTitle')}
      description={t(endpoint ? 'webhooks.form.editLead' : 'webhooks.form.addLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={isPending} onClick={submit}>
            {t(endpoint ? 'webhooks.form.save' : 'webhooks.form.add')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={t('webhooks.form.url')}
          hint={t('webhooks.form.urlHint')}
          error={urlError(t, { fault, empty: asked && url.trim() === '' })}
        >
          {(control) => (
            <Input
              {...control}
              type="text"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://"
              maxLength={2_000}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('webhooks.form.description')} optional>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <TypeChoice
          chosen={types}
          onChoose={setTypes}
          error={asked && types.length === 0 ? t('webhooks.form.typesMissing') : undefined}
        />
        {/* Enter in a field sends the form. */}
        <button type="submit" hidden />
      </form>
      <CommandFailure error={fault ? null : error} />
    </Dialog>
  );
}

/** Why the server refused the address; null when it did not, or refused something else. */
function urlFaultOf(error: unknown): UrlFault | null {
  const failure = error === null ? null : readFailure(error);
  if (failure?.kind !== 'refusal' || failure.refusal.code !== 'url_refused') return null;
  return (failure.refusal.params?.why as UrlFault | undefined) ?? 'not_a_url';
}

function urlError(t: Text, { fault, empty }: { fault: UrlFault | null; empty: boolean }): string | undefined {
  if (empty) return t('webhooks.form.faults.not_a_url');
  return fault ? t(`webhooks.form.faults.${fault}`) : undefined;
}
