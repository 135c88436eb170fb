import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { useText } from '../lib/i18n.ts';
import { Checkbox } from '../ui/field.tsx';
import { ALL_TYPES } from './webhook-wire.ts';

const STATUSES = [
  'queued',
  'sending',
  'unconfirmed',
  'in_transit',
  'paid',
  'failed',
  'returned',
  'held',
  'canceled',
] as const satisfies readonly PayoutStatus[];

interface TypeChoiceProps {
  chosen: readonly string[];
  onChoose: (types: string[]) => void;
  error: string | undefined;
}

/** Every type, or those that are ticked. */
export function TypeChoice({ chosen, onChoose, error }: TypeChoiceProps) {
  const t = useText();
  const all = chosen.includes(ALL_TYPES);
  const toggle = (type: string): void =>
    onChoose(chosen.includes(type) ? chosen.filter((one) => one !== type) : [...chosen, type]);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('webhooks.form.types')}</legend>
      <div className="flex flex-col gap-0.5">
        {[true, false].map((every) => (
          <label key={String(every)} className="inline-flex min-h-6 cursor-pointer items-center gap-2 text-sm">
            <input
              type="radio"
              name="webhook-types"
              className="size-4 accent-(--ink)"
              checked={all === every}
              onChange={() => onChoose(every ? [ALL_TYPES] : [])}
            />
            {t(every ? 'webhooks.form.all' : 'webhooks.form.some')}
          </label>
        ))}
      </div>
      {!all && (
        <div className="mt-1 grid grid-cols-2 gap-x-4 pl-6">
          {STATUSES.map((status) => {
            const type = `payout.${status}`;
            return (
              <Checkbox
                key={type}
                checked={chosen.includes(type)}
                onChange={() => toggle(type)}
                label={
                  <span className="flex items-baseline gap-2">
                    <code>{type}</code>
                    <span className="text-xs text-quiet">{t(`payouts.status.${status}`)}</span>
                  </span>
                }
              />
            );
          })}
        </div>
      )}
      {error && (
        <p role="alert" className="mt-1 text-xs text-high">
          {error}
        </p>
      )}
    </fieldset>
  );
}
