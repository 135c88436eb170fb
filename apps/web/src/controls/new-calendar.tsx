import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { withDays } from './stuck-draft.ts';

/** As the server takes them: a name is a code, written the same in every language. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,29}$/;

/** Adds an empty calendar to the draft. */
export function NewCalendar({ rules, onRules }: { rules: StuckRules; onRules: (rules: StuckRules) => void }) {
  const t = useText();
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const fault = Object.hasOwn(rules.calendars, name)
    ? t('controls.policy.calendars.nameTaken')
    : NAME.test(name)
      ? undefined
      : t('controls.policy.calendars.nameBad');
  return (
    <form
      className="flex max-w-md items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (fault) return;
        onRules(withDays(rules, name, []));
        setName('');
        setAsked(false);
      }}
    >
      <div className="flex-1">
        <Field
          label={t('controls.policy.calendars.newName')}
          hint={t('controls.policy.calendars.newHint')}
          error={asked ? fault : undefined}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={30}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
      </div>
      <Button type="submit" className="mt-6 h-[34px]!">
        {t('controls.policy.calendars.create')}
      </Button>
    </form>
  );
}
