import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import type { HeldThing } from './controls-wire.ts';

const SCOPES = ['merchant', 'rail', 'provider'] as const satisfies readonly HeldThing['scope'][];

interface ScopeChoiceProps {
  chosen: HeldThing['scope'];
  onChoose: (scope: HeldThing['scope']) => void;
}

/** Whether a merchant, a rail or a provider is held. */
export function ScopeChoice({ chosen, onChoose }: ScopeChoiceProps) {
  const t = useText();
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('controls.holds.whatTo')}</legend>
      <div className="flex gap-2">
        {SCOPES.map((scope) => (
          <label
            key={scope}
            className={cx(
              'flex min-h-9 flex-1 cursor-pointer items-center gap-2.5 rounded-md border px-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus',
              chosen === scope ? 'border-ink bg-sunken font-medium' : 'border-line-strong hover:bg-sunken/70',
            )}
          >
            <input
              type="radio"
              name="hold-scope"
              value={scope}
              checked={chosen === scope}
              onChange={() => onChoose(scope)}
              className="size-3.5 shrink-0 accent-ink"
            />
            {t(`controls.holds.scope.${scope}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
