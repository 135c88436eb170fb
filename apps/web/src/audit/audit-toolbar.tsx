import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import type { AuditSearch } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { FILTER_CONTROL, FilterInput } from '../ui/filter-input.tsx';
import { ACTS_BY_GROUP } from './acts.ts';
import type { AuditQuestion } from './audit-question.ts';
import { actText } from './audit-words.ts';

const OUTCOMES = ['all', 'done', 'refused'] as const;

interface AuditToolbarProps {
  question: AuditQuestion;
  /** An empty text takes the filter away. */
  onChange: (change: AuditSearch, typed?: boolean) => void;
  onClear: () => void;
}

/** What narrows the log: outcome, act, who, about what, and when. */
export function AuditToolbar({ question, onChange, onClear }: AuditToolbarProps) {
  const t = useText();
  const outcome = question.outcome ?? 'all';
  return (
    <search
      aria-label={t('audit.filters.label')}
      className="flex min-h-[50px] shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2"
    >
      <fieldset className="flex gap-1.5">
        <legend className="sr-only">{t('audit.filters.outcomes')}</legend>
        {OUTCOMES.map((one) => (
          <Chip
            key={one}
            label={t(`audit.filters.${one}`)}
            pressed={one === outcome}
            onPress={() => onChange({ outcome: one === 'all' ? '' : one })}
          />
        ))}
      </fieldset>
      <span aria-hidden="true" className="h-4 w-px bg-line-strong max-xl:hidden" />
      <ActSelect act={question.act ?? ''} onAct={(act) => onChange({ act })} />
      <FilterInput
        label={t('audit.filters.actor')}
        placeholder={t('audit.filters.actorHint')}
        value={question.actor ?? ''}
        onValue={(actor) => onChange({ actor }, true)}
        className="w-[156px]"
      />
      <FilterInput
        label={t('audit.filters.subject')}
        placeholder={t('audit.filters.subjectHint')}
        value={question.subject ?? ''}
        onValue={(subject) => onChange({ subject }, true)}
        className="min-w-[170px] flex-1 font-mono text-xs! placeholder:font-sans placeholder:text-sm xl:max-w-[252px]"
      />
      <span className="flex gap-3">
        <DayInput
          label={t('audit.filters.since')}
          day={question.from ?? ''}
          max={question.to}
          onDay={(since) => onChange({ since })}
        />
        <DayInput
          label={t('audit.filters.until')}
          day={question.to ?? ''}
          min={question.from}
          onDay={(until) => onChange({ until })}
        />
      </span>
      {Object.keys(question).length > 0 && (
        <Button tone="ghost" onClick={onClear}>
          {t('audit.filters.clear')}
        </Button>
      )}
    </search>
  );
}

function ActSelect({ act, onAct }: { act: string; onAct: (act: string) => void }) {
  const t = useText();
  return (
    <select
      aria-label={t('audit.filters.act')}
      value={act}
      onChange={(event) => onAct(event.target.value)}
      className={cx(FILTER_CONTROL, 'w-[190px] px-2')}
    >
      <option value="">{t('audit.filters.anyAct')}</option>
      {ACTS_BY_GROUP.map(({ group, acts }) => (
        <optgroup key={group} label={t(`audit.groups.${group}`)}>
          {acts.map((one) => (
            <option key={one} value={one}>
              {actText(t, one)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

interface DayInputProps {
  label: string;
  day: string;
  min?: string | undefined;
  max?: string | undefined;
  onDay: (day: string) => void;
}

function DayInput({ label, day, min, max, onDay }: DayInputProps) {
  return (
    <label className="flex items-center gap-1.5 text-xs text-quiet">
      {label}
      <input
        type="date"
        value={day}
        min={min}
        max={max}
        onChange={(event) => onDay(event.target.value)}
        className={cx(FILTER_CONTROL, 'w-[124px] px-2', day === '' && 'text-quiet!')}
      />
    </label>
  );
}
