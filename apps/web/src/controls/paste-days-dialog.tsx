import { useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { readPastedDays } from './pasted-days.ts';

interface PasteDaysDialogProps {
  name: string;
  known: readonly string[];
  onDays: (days: readonly string[]) => void;
  onClose: () => void;
}

/** Takes a calendar's days from a pasted list. Says what it could not read before anything is taken over. */
export function PasteDaysDialog({ name, known, onDays, onClose }: PasteDaysDialogProps) {
  const t = useText();
  const [pasted, setPasted] = useState('');
  const { days, unread } = readPastedDays(pasted);
  const fresh = days.filter((day) => !known.includes(day));
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      title={t('controls.policy.calendars.pasteTitle', { name })}
      description={t('controls.policy.calendars.pasteLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="primary"
            whyNot={
              fresh.length === 0
                ? { short: t('common.none'), sentence: t('controls.policy.calendars.pasteLead') }
                : null
            }
            onClick={() => {
              onDays(fresh);
              onClose();
            }}
          >
            {t('controls.policy.calendars.pasteConfirm', { count: fresh.length })}
          </Button>
        </>
      }
    >
      <Field
        label={t('controls.policy.calendars.pasteField')}
        hint={<span aria-live="polite">{t('controls.policy.calendars.pasteFound', { count: fresh.length })}</span>}
        error={
          unread.length > 0
            ? t('controls.policy.calendars.pasteUnread', {
                count: unread.length,
                lines: unread.slice(0, 3).join(' · '),
              })
            : undefined
        }
      >
        {(control) => (
          <Textarea
            {...control}
            rows={8}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            className="font-mono text-xs"
          />
        )}
      </Field>
    </Dialog>
  );
}
