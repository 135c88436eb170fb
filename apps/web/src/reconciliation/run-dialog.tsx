import { addDays, parseLocalDate, utcDate } from '@countersign/api/src/core/time.ts';
import { useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { isRunnable, RUNNABLE_LIST, type RunnableKind } from './report-question.ts';
import { useRunReconciliation } from './use-break-command.ts';

interface RunDialogProps {
  /** The kind that the list shows, where it shows one. */
  kind: RunnableKind | undefined;
  onRun: (runId: string) => void;
  onClose: () => void;
}

/** Which kind, which day. Running compares and reports: nothing moves, so it asks for nothing more. */
export function RunDialog({ kind: shown, onRun, onClose }: RunDialogProps) {
  const t = useText();
  const today = utcDate(useNow(60_000));
  const [kind, setKind] = useState<RunnableKind>(shown ?? 'settlement');
  const [on, setOn] = useState<string>(() => addDays(today, -1));
  const [asked, setAsked] = useState(false);
  const day = parseLocalDate(on);
  const wrong = day === null || day > today;
  const run = useRunReconciliation(onRun);
  const submit = (): void => {
    setAsked(true);
    // What came instead of an answer is said in the dialog.
    if (!wrong && !run.busy) run.start(kind, on, () => undefined);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      dismissible={!run.busy}
      title={t('reconciliation.run.title')}
      description={t('reconciliation.run.lead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={run.busy} onClick={submit}>
            {t('reconciliation.run.confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        <Field label={t('reconciliation.run.kind')} hint={t(`reconciliation.compares.${kind}`)}>
          {(control) => (
            <Select
              {...control}
              value={kind}
              onChange={(event) => isRunnable(event.target.value) && setKind(event.target.value)}
            >
              {RUNNABLE_LIST.map((one) => (
                <option key={one} value={one}>
                  {t(`reconciliation.kinds.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('reconciliation.run.day')}
          hint={t('reconciliation.run.dayHint')}
          error={asked && wrong ? t('reconciliation.run.dayMissing') : undefined}
        >
          {(control) => (
            <Input {...control} type="date" max={today} value={on} onChange={(event) => setOn(event.target.value)} />
          )}
        </Field>
      </div>
      <CommandFailure error={run.error} />
    </Dialog>
  );
}
