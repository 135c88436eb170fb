import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { useText } from '../lib/i18n.ts';
import { Field, Select } from '../ui/field.tsx';
import { CalendarCard } from './calendar-card.tsx';
import { NewCalendar } from './new-calendar.tsx';
import { RAILS, withRailCalendar } from './stuck-draft.ts';

interface CalendarListProps {
  rules: StuckRules;
  /** Null for those who may only look. */
  onRules: ((rules: StuckRules) => void) | null;
}

/** Which days banks are closed, and which rail counts business days by which calendar. */
export function CalendarList({ rules, onRules }: CalendarListProps) {
  const t = useText();
  const names = Object.keys(rules.calendars).sort();
  return (
    <section aria-labelledby="calendars-title">
      <h2 id="calendars-title" className="text-md font-semibold">
        {t('controls.policy.calendars.title')}
      </h2>
      <p className="mb-3 text-sm text-quiet">{t('controls.policy.calendars.lead')}</p>
      <div className="mb-4 grid grid-cols-3 gap-3 max-lg:grid-cols-2">
        {RAILS.map((rail) => (
          <Field key={rail} label={t('controls.policy.calendars.countsBy', { rail: t(`payouts.rails.${rail}`) })}>
            {(control) => (
              <Select
                {...control}
                disabled={!onRules}
                value={rules.railCalendar[rail] ?? ''}
                onChange={(event) => onRules?.(withRailCalendar(rules, rail, event.target.value || null))}
              >
                <option value="">
                  {t(BANK_RAILS.has(rail) ? 'controls.policy.calendars.weekdays' : 'controls.policy.calendars.none')}
                </option>
                {names.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </div>
      <div className="flex flex-col gap-3">
        {names.map((name) => (
          <CalendarCard key={name} name={name} rules={rules} onRules={onRules} />
        ))}
        {onRules && <NewCalendar rules={rules} onRules={onRules} />}
      </div>
    </section>
  );
}

/** Rails that settle between banks count business days even without a calendar: Monday to Friday. */
const BANK_RAILS: ReadonlySet<string> = new Set(['sepa', 'ach', 'wire']);
