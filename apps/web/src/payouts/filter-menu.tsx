import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ChevronRight } from 'lucide-react';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { cx } from '../lib/class-names.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import type { PayoutsSearch } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Popover, type PopoverTriggerProps } from '../ui/popover.tsx';
import { AGES, type FilterField, type Names, valueText } from './filter-words.ts';
import {
  CAUSES,
  KINDS,
  LEVELS,
  type ListField,
  LONGEST_VALUE,
  type OneField,
  type PayoutsQuestion,
  RAILS,
  readAmount,
  STATUSES,
  toggled,
} from './payouts-question.ts';

interface FilterMenuProps {
  trigger: ReactElement<PopoverTriggerProps>;
  question: PayoutsQuestion;
  /** Merchants of the payouts in the list. */
  merchants: Names;
  names: Names;
  onChange: (change: PayoutsSearch) => void;
}

const MENU = [
  'status',
  'level',
  'cause',
  'code',
  'rail',
  'provider',
  'currency',
  'amount',
  'age',
  'merchant',
  'owner',
  'kind',
] as const;
type MenuField = (typeof MENU)[number];

/** What else narrows the list: first the field, then its values. */
export function FilterMenu({ trigger, ...rest }: FilterMenuProps) {
  const t = useText();
  return (
    <Popover label={t('payouts.desk.filterTitle')} trigger={trigger} defaultOpen>
      {(close) => <Steps {...rest} onDone={close} />}
    </Popover>
  );
}

type StepsProps = Omit<FilterMenuProps, 'trigger'> & { onDone: () => void };

function Steps(props: StepsProps) {
  const t = useText();
  const [field, setField] = useState<MenuField | null>(null);
  const back = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState<MenuField | null>(null);
  // The keyboard goes where the eye goes: into the field's values, and back to the field it came from.
  useEffect(() => {
    if (field !== null) back.current?.focus();
    else if (left !== null) box.current?.querySelector<HTMLElement>(`[data-field="${left}"]`)?.focus();
  }, [field, left]);
  if (field === null) {
    return (
      <div ref={box} className="w-52">
        {MENU.map((one) => (
          <button key={one} data-field={one} type="button" onClick={() => setField(one)} className={ITEM}>
            <span className="flex-1">{t(`payouts.desk.fields.${one}`)}</span>
            {isSet(props.question, one) && <span aria-hidden="true" className="size-1.5 rounded-full bg-focus" />}
            <ChevronRight aria-hidden="true" size={13} className="text-quiet" />
          </button>
        ))}
      </div>
    );
  }
  return (
    <div className="w-64">
      <button
        ref={back}
        type="button"
        onClick={() => {
          setLeft(field);
          setField(null);
        }}
        className={ITEM}
      >
        <ArrowLeft aria-hidden="true" size={13} className="text-quiet" />
        <span className="sr-only">{t('payouts.desk.back')}: </span>
        <span className="font-medium">{t(`payouts.desk.fields.${field}`)}</span>
      </button>
      <hr className="my-1 border-line" />
      {field === 'amount' ? <AmountFields {...props} /> : <Values {...props} field={field} />}
    </div>
  );
}

function isSet({ where }: PayoutsQuestion, field: MenuField): boolean {
  return field === 'amount' ? where.min !== undefined || where.max !== undefined : where[field] !== undefined;
}

const ITEM =
  'flex h-[30px] w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-sunken focus-visible:bg-sunken -outline-offset-2';

type ValuesProps = StepsProps & { field: Exclude<MenuField, 'amount'> };

function Values({ question, merchants, names, onChange, field }: ValuesProps) {
  const t = useText();
  const facets = useQuery(trpc.payouts.facets.queryOptions()).data;
  const offered: Record<ValuesProps['field'], readonly string[]> = {
    status: STATUSES,
    level: LEVELS,
    cause: CAUSES,
    rail: RAILS,
    kind: KINDS,
    age: AGES,
    code: facets?.codes ?? [],
    provider: facets?.providers ?? [],
    currency: facets?.currencies ?? [],
    merchant: [...merchants.keys()],
    owner: ['me', 'nobody', ...(facets?.owners.map(({ id }) => id) ?? [])],
  };
  const known: Names = new Map([...names, ...(facets?.owners.map(({ id, name }) => [id, name] as const) ?? [])]);
  const chosen = new Set([question.where[field] ?? []].flat());
  // What the address names is offered too, also where nothing has it today.
  const values = [...new Set([...offered[field], ...chosen])];
  const many = isList(field);
  const change = (value: string): PayoutsSearch =>
    many ? toggled(question, field, value) : { [field]: chosen.has(value) ? '' : value };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group in a dialog that is no form
    <div role="group" aria-label={t(`payouts.desk.fields.${field}`)}>
      {values.length === 0 && <p className="px-2 py-1.5 text-quiet">{t('payouts.desk.noOptions')}</p>}
      {values.map((value) => {
        const next = change(value);
        const full = String(next[field] ?? '').length > LONGEST_VALUE;
        return (
          <label
            key={value}
            title={full ? t('payouts.desk.tooMany') : undefined}
            className={cx(ITEM, full && 'text-quiet')}
          >
            <input
              type={many ? 'checkbox' : 'radio'}
              name={many ? undefined : `filter-${field}`}
              checked={chosen.has(value)}
              aria-disabled={full || undefined}
              onChange={() => !full && onChange(next)}
              // A radio that is on takes no change; pressing it again takes the filter away.
              onClick={() => !many && chosen.has(value) && onChange(next)}
              className="size-3.5 accent-(--ink)"
            />
            <span className="truncate">{valueText(t, field as FilterField, value, known)}</span>
          </label>
        );
      })}
      {field === 'merchant' && <p className="px-2 pt-1 pb-0.5 text-xs text-quiet">{t('payouts.desk.merchantHint')}</p>}
    </div>
  );
}

function isList(field: ListField | OneField): field is ListField {
  return ['status', 'level', 'cause', 'code', 'rail', 'provider', 'currency'].includes(field);
}

function AmountFields({ question, onChange, onDone }: StepsProps) {
  const t = useText();
  const language = useLanguage();
  const shown = (amount: string | undefined): string =>
    language === 'tr' ? (amount ?? '').replace('.', ',') : (amount ?? '');
  const [from, setFrom] = useState(shown(question.where.min));
  const [to, setTo] = useState(shown(question.where.max));
  const [asked, setAsked] = useState(false);
  const read = (typed: string): string | null => (typed.trim() === '' ? '' : readAmount(typed, language));
  const [min, max] = [read(from), read(to)];
  const wrong = t('payouts.desk.amountWrong', { example: language === 'tr' ? '1.000,50' : '1,000.50' });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (min === null || max === null) return;
    onChange({ min, max });
    onDone();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2.5 px-2 pt-1 pb-1.5">
      <Field label={t('payouts.desk.amountFrom')} error={asked && min === null ? wrong : undefined}>
        {(control) => (
          <Input {...control} inputMode="decimal" value={from} onChange={(event) => setFrom(event.target.value)} />
        )}
      </Field>
      <Field
        label={t('payouts.desk.amountTo')}
        hint={t('payouts.desk.amountHint')}
        error={asked && max === null ? wrong : undefined}
      >
        {(control) => (
          <Input {...control} inputMode="decimal" value={to} onChange={(event) => setTo(event.target.value)} />
        )}
      </Field>
      <Button type="submit" tone="primary">
        {t('payouts.desk.apply')}
      </Button>
    </form>
  );
}
