import { TriangleAlert, X } from 'lucide-react';
import { useText } from '../lib/i18n.ts';
import type { PayoutsSearch } from '../paths.ts';
import { type Names, tokensOf } from './filter-words.ts';
import { type Ignored, type PayoutsQuestion, withoutWhere } from './payouts-question.ts';

interface FilterTokensProps {
  question: PayoutsQuestion;
  names: Names;
  onChange: (change: PayoutsSearch) => void;
}

/**
 * What narrows the list besides the quick filter, each to be taken away. What the address says and nobody understands is
 * here too: the list shows more than was meant, and that must be seen.
 */
export function FilterTokens({ question, names, onChange }: FilterTokensProps) {
  const t = useText();
  const tokens = tokensOf(t, question.where, names);
  if (tokens.length === 0 && question.ignored.length === 0) return null;
  return (
    <ul className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line px-4 py-1.5">
      {tokens.map(({ field, values }) => {
        const words = t('payouts.desk.token', {
          field: t(`payouts.desk.fields.${field === 'text' ? 'q' : field}`),
          values,
        });
        return <Pill key={field} words={words} onRemove={() => onChange({ [field === 'text' ? 'q' : field]: '' })} />;
      })}
      {question.ignored.map((one) => (
        <Pill
          key={`${one.name} ${one.value}`}
          warning
          words={t('payouts.desk.ignored', { field: t(`payouts.desk.fields.${fieldOf(one)}`), value: one.value })}
          onRemove={() => onChange(withoutIgnored(question, one))}
        />
      ))}
      <li>
        <button
          type="button"
          onClick={() => onChange({ ...withoutWhere(), ...(question.ignored.some(isFilter) ? { filter: '' } : {}) })}
          className="h-6 rounded-sm px-1.5 text-xs text-ink-2 hover:bg-sunken hover:text-ink"
        >
          {t('payouts.desk.clearAll')}
        </button>
      </li>
    </ul>
  );
}

const isFilter = ({ name }: Ignored): boolean => name === 'filter';

function fieldOf({ name }: Ignored) {
  return name as Exclude<Ignored['name'], 'panel' | 'sort' | 'group' | 'cols' | 'view'>;
}

/** The address's change that takes away what was not understood of a field, and leaves what was. */
function withoutIgnored({ where }: PayoutsQuestion, { name }: Ignored): PayoutsSearch {
  const kept = where[name as keyof typeof where];
  return { [name]: Array.isArray(kept) ? kept.join(',') : '' };
}

interface PillProps {
  words: string;
  warning?: boolean;
  onRemove: () => void;
}

function Pill({ words, warning = false, onRemove }: PillProps) {
  const t = useText();
  return (
    <li
      className={`inline-flex h-6 max-w-96 items-center gap-1 rounded-sm border pl-2 text-xs ${
        warning ? 'border-med-mark bg-med-soft text-med' : 'border-line bg-sunken text-ink-2'
      }`}
    >
      {warning && <TriangleAlert aria-hidden="true" size={12} className="shrink-0" />}
      <span className="truncate" title={words}>
        {words}
      </span>
      <button
        type="button"
        aria-label={t('payouts.desk.removeToken', { filter: words })}
        onClick={onRemove}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm hover:text-ink"
      >
        <X aria-hidden="true" size={12} />
      </button>
    </li>
  );
}
