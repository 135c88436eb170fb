import type { StuckRule } from '@countersign/api/src/payouts/stuck-policy.ts';
import { type FormEvent, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field, Input, Select } from '../ui/field.tsx';
import type { Cell } from './limit-table.tsx';
import { fieldsOf, type LimitFields, type LimitUnit, limitOf } from './limit-words.ts';

interface LimitDialogProps {
  cell: Cell;
  rule: StuckRule;
  onTake: (rule: StuckRule, everyRail: boolean) => void;
  onClose: () => void;
}

const UNITS: readonly LimitUnit[] = ['minutes', 'hours', 'businessDays'];

/** The two limits of a status on a rail. Taking them over changes the draft only; nothing is in force before it is saved. */
export function LimitDialog({ cell, rule, onTake, onClose }: LimitDialogProps) {
  const t = useText();
  const [late, setLate] = useState(() => fieldsOf(rule.expected));
  const [stuck, setStuck] = useState(() => fieldsOf(rule.stuck));
  const [everyRail, setEveryRail] = useState(false);
  const [asked, setAsked] = useState(false);
  const [expected, stuckLimit] = [limitOf(late), limitOf(stuck)];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (expected && stuckLimit) onTake({ expected, stuck: stuckLimit }, everyRail);
  };
  const fault = (limit: unknown) => (asked && !limit ? t('controls.policy.wholeNumber') : undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      width="sm"
      title={
        <span className="inline-block first-letter:uppercase">
          {t('controls.policy.dialogTitle', {
            status: t(`payouts.status.${cell.status}`),
            rail: t(`payouts.rails.${cell.rail}`),
          })}
        </span>
      }
      description={t('controls.policy.dialogLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" type="submit" form="limit-form">
            {t('controls.policy.take')}
          </Button>
        </>
      }
    >
      <form id="limit-form" onSubmit={submit} className="flex flex-col gap-4">
        <LimitField label={t('controls.policy.lateAfter')} fields={late} onFields={setLate} error={fault(expected)} />
        <LimitField
          label={t('controls.policy.stuckAfter')}
          fields={stuck}
          onFields={setStuck}
          error={fault(stuckLimit)}
        />
        <Checkbox
          label={t('controls.policy.everyRail')}
          checked={everyRail}
          onChange={(event) => setEveryRail(event.target.checked)}
        />
      </form>
    </Dialog>
  );
}

interface LimitFieldProps {
  label: string;
  fields: LimitFields;
  onFields: (fields: LimitFields) => void;
  error: string | undefined;
}

function LimitField({ label, fields, onFields, error }: LimitFieldProps) {
  const t = useText();
  return (
    <Field label={label} error={error}>
      {(control) => (
        <span className="flex gap-2">
          <Input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            value={fields.length}
            onChange={(event) => onFields({ ...fields, length: event.target.value })}
            className="w-24 tabular-nums"
          />
          <Select
            aria-label={t('controls.policy.unitOf', { label })}
            value={fields.unit}
            onChange={(event) => onFields({ ...fields, unit: event.target.value as LimitUnit })}
          >
            {UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {t(`controls.policy.units.${unit}`)}
              </option>
            ))}
          </Select>
        </span>
      )}
    </Field>
  );
}
