import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { ChangeList } from './change-list.tsx';
import type { WhatIf } from './controls-wire.ts';
import { SHORTEST_REASON } from './use-control-command.ts';

interface SavePolicyDialogProps {
  baseVersion: number;
  rules: StuckRules;
  answer: WhatIf;
  /** Told once it is in force: the draft is then the policy. */
  onSaved: () => void;
  onClose: () => void;
}

/** The last look before a policy is in force: what changes, what that does to the open payouts, and why. */
export function SavePolicyDialog({ baseVersion, rules, answer, onSaved, onClose }: SavePolicyDialogProps) {
  const t = useText();
  const [idempotencyKey] = useState(mintCommandKey);
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const short = note.trim().length < SHORTEST_REASON;
  const version = baseVersion + 1;
  const save = useMutation(
    trpc.stuckPolicy.change.mutationOptions({
      onSuccess(saved) {
        toast({ tone: 'done', title: text()('controls.policy.saved', { version: saved.version }) });
        onSaved();
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.stuckPolicy.pathFilter()),
    }),
  );
  const press = useSinglePress(save.mutate);
  const lost = save.error !== null && readFailure(save.error).kind === 'fault';
  const submit = (): void => {
    setAsked(true);
    if (short) return;
    press(
      lost && save.variables ? save.variables : { idempotencyKey, input: { baseVersion, rules, note: note.trim() } },
    );
  };
  const { effect } = answer;
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      dismissible={!save.isPending}
      title={t('controls.policy.saveTitle', { version })}
      description={t('controls.policy.saveLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={save.isPending} onClick={submit}>
            {t('controls.policy.saveConfirm', { version })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ChangeList changes={answer.changes} caption={t('controls.policy.changes')} />
        {effect && (
          <ul className="rounded-md border border-line bg-sunken px-3 py-2 text-sm">
            {effect.becomesStuck.count === 0 && effect.noLongerStuck.count === 0 && (
              <li>{t('controls.policy.whatIf.becomes', { count: 0 })}</li>
            )}
            {effect.becomesStuck.count > 0 && (
              <li className="font-medium text-high">
                {t('controls.policy.whatIf.becomes', { count: effect.becomesStuck.count })}
              </li>
            )}
            {effect.noLongerStuck.count > 0 && (
              <li>{t('controls.policy.whatIf.noLonger', { count: effect.noLongerStuck.count })}</li>
            )}
          </ul>
        )}
        <Field
          label={t('controls.policy.note')}
          hint={t('controls.policy.noteHint')}
          error={asked && short ? t('controls.policy.noteShort') : undefined}
        >
          {(control) => (
            <Textarea {...control} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
      </div>
      <CommandFailure error={save.error} />
    </Dialog>
  );
}
