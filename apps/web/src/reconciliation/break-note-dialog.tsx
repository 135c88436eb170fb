import { useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';

interface BreakNoteDialogProps {
  title: string;
  lead: string;
  hint: string;
  confirm: string;
  /** Whether the break is another than when the dialog was opened. */
  changed: boolean;
  /** Why it cannot be done any more. */
  whyNot: { short: string; sentence: string } | null;
  busy: boolean;
  error: unknown;
  onSubmit: (note: string) => void;
  onClose: () => void;
}

/** A decision about a break with the words that explain it to whoever comes next. */
export function BreakNoteDialog(props: BreakNoteDialogProps) {
  const t = useText();
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const empty = note.trim() === '';
  const submit = (): void => {
    setAsked(true);
    if (!empty && !props.busy) props.onSubmit(note.trim());
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      dismissible={!props.busy}
      title={props.title}
      description={props.lead}
      footer={
        <>
          <Button tone="ghost" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" busy={props.busy} whyNot={props.whyNot} onClick={submit}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.changed && (
        <p role="status" className="mb-3 rounded-md bg-med-soft px-3 py-2 text-med">
          {t('reconciliation.acts.changed')}
        </p>
      )}
      <Field
        label={t('reconciliation.acts.note')}
        hint={props.hint}
        error={asked && empty ? t('reconciliation.acts.noteShort') : undefined}
      >
        {(control) => (
          <Textarea {...control} maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
        )}
      </Field>
      <CommandFailure error={props.error} />
    </Dialog>
  );
}
