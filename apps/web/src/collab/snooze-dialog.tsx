import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { zoneLabel } from '../lib/zone.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { fieldTime, LONGEST_SNOOZE_MS, readFieldTime, snoozeTimes } from './snooze-times.ts';
import { currentSnooze } from './snoozed-mark.tsx';
import { useSnooze } from './use-desk-command.ts';

const MINUTE_MS = 60_000;

/** Puts a payout aside until a time of one's own, with a word on why. */
export function SnoozeDialog({ row, onClose }: { row: PayoutRow; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(MINUTE_MS);
  const formId = useId();
  const { back } = useSnooze(row.id);
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const [time, setTime] = useState(() => fieldTime(snoozeTimes(now)[1]?.until ?? now));
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const until = readFieldTime(time, new Date());

  const snooze = useMutation(
    trpc.payouts.snooze.mutationOptions({
      onSuccess({ until: kept }) {
        const before = currentSnooze(row, new Date());
        const title = t('collab.snooze.done', { when: format.instant(kept) });
        const run = () => back(before && { until: before.until });
        toast({ tone: 'done', title, action: { label: t('payouts.acts.undo'), run } });
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.payouts.pathFilter()),
    }),
  );
  const press = useSinglePress(snooze.mutate);
  const change = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    // Other words are another command: the key of one that was refused or lost stays with that one.
    setKey(mintCommandKey());
    snooze.reset();
  };
  const submit = (): void => {
    setAsked(true);
    if (!until || snooze.isPending) return;
    const input = { payoutId: row.id, until: until.toISOString(), ...(note.trim() ? { note: note.trim() } : {}) };
    press({ idempotencyKey, input });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!snooze.isPending}
      title={t('collab.snooze.title', { money: format.money(row), holder: row.holder })}
      description={t('collab.snooze.lead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={snooze.isPending}>
            {t('collab.snooze.confirm')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={t('collab.snooze.until')}
          hint={t('collab.snooze.zone', { zone: zoneLabel('local', until ?? now) })}
          error={asked && !until ? t('collab.snooze.invalid') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={time}
              min={fieldTime(now)}
              max={fieldTime(new Date(now.getTime() + LONGEST_SNOOZE_MS))}
              onChange={change(setTime)}
            />
          )}
        </Field>
        <Field label={t('collab.snooze.note')} hint={t('collab.snooze.noteHint')} optional>
          {(control) => <Input {...control} maxLength={500} value={note} onChange={change(setNote)} />}
        </Field>
      </form>
      <CommandFailure error={snooze.error} />
    </Dialog>
  );
}
