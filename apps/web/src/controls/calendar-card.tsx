import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { railsOf, withDays, withoutCalendar } from './stuck-draft.ts';

const PasteDaysDialog = lazy(() =>
  import('./paste-days-dialog.tsx').then((file) => ({ default: file.PasteDaysDialog })),
);

interface CalendarCardProps {
  name: string;
  rules: StuckRules;
  onRules: ((rules: StuckRules) => void) | null;
}

/** One calendar: who counts by it, and its days, a year a line. */
export function CalendarCard({ name, rules, onRules }: CalendarCardProps) {
  const t = useText();
  const format = useFormat();
  const [pasting, setPasting] = useState(false);
  const days = rules.calendars[name] ?? [];
  const rails = railsOf(rules, name);
  const years = [...Map.groupBy(days, (day) => day.slice(0, 4))];
  const change = (next: readonly string[]): void => onRules?.(withDays(rules, name, next));
  return (
    <details className="group rounded-lg border border-line">
      <summary className="flex min-h-10 cursor-pointer list-none items-center gap-3 rounded-lg px-3 text-sm">
        <span aria-hidden="true" className="text-quiet transition-transform group-open:rotate-90">
          ›
        </span>
        <strong className="font-mono font-medium">{name}</strong>
        <span className="text-ink-2">{t('controls.policy.calendars.days', { count: days.length })}</span>
        <span className="ml-auto text-quiet">
          {rails.length > 0
            ? t('controls.policy.calendars.usedBy', {
                rails: rails.map((rail) => t(`payouts.rails.${rail}`)).join(', '),
              })
            : t('controls.policy.calendars.unused')}
        </span>
      </summary>
      <div className="flex flex-col gap-3 border-t border-line px-3 py-3">
        {days.length === 0 && <p className="text-sm text-quiet">{t('controls.policy.calendars.empty')}</p>}
        {years.map(([year, ofYear]) => (
          <div key={year} className="flex gap-3 text-sm">
            <h3 className="w-10 shrink-0 pt-0.5 text-quiet tabular-nums">{year}</h3>
            <ul className="flex flex-wrap gap-1.5">
              {ofYear.map((day) => (
                <li
                  key={day}
                  className="inline-flex h-6 items-center rounded-sm border border-line bg-sunken pl-1.5 text-xs"
                >
                  <span className={onRules ? '' : 'pr-1.5'}>{format.valueDate(day).replace(` ${year}`, '')}</span>
                  {onRules && (
                    <button
                      type="button"
                      aria-label={t('controls.policy.calendars.remove', { day: format.valueDate(day) })}
                      onClick={() => change(days.filter((one) => one !== day))}
                      className="inline-flex size-6 items-center justify-center text-quiet hover:text-high"
                    >
                      <X aria-hidden="true" size={11} />
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        ))}
        {onRules && (
          <div className="flex flex-wrap items-center gap-2">
            <AddDay name={name} onAdd={(day) => change([...days, day])} />
            <Button onClick={() => setPasting(true)}>{t('controls.policy.calendars.paste')}</Button>
            <Button
              tone="ghost"
              className="ml-auto"
              whyNot={
                rails.length > 0
                  ? {
                      short: t('controls.policy.calendars.inUse'),
                      sentence: t('controls.policy.calendars.inUseLong'),
                    }
                  : null
              }
              onClick={() => onRules(withoutCalendar(rules, name))}
            >
              {t('controls.policy.calendars.removeCalendar', { name })}
            </Button>
          </div>
        )}
      </div>
      {pasting && (
        <Suspense>
          <PasteDaysDialog
            name={name}
            known={days}
            onDays={(pasted) => change([...days, ...pasted])}
            onClose={() => setPasting(false)}
          />
        </Suspense>
      )}
    </details>
  );
}

function AddDay({ name, onAdd }: { name: string; onAdd: (day: string) => void }) {
  const t = useText();
  const [day, setDay] = useState('');
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (day === '') return;
        onAdd(day);
        setDay('');
      }}
    >
      <Input
        type="date"
        required
        min="2000-01-01"
        max="2099-12-31"
        aria-label={t('controls.policy.calendars.addedTo', { name })}
        value={day}
        onChange={(event) => setDay(event.target.value)}
        className="h-[30px]! w-40"
      />
      <Button type="submit">{t('controls.policy.calendars.addDay')}</Button>
    </form>
  );
}
