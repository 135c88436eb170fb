import type { OverrideKind } from '@countersign/api/src/overrides/override.ts';
import { cx } from '../lib/class-names.ts';
import { refusalReason, refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import type { RequestableKind } from './override-wire.ts';

interface KindChoiceProps {
  kinds: readonly RequestableKind[];
  chosen: OverrideKind | null;
  onChoose: (kind: OverrideKind) => void;
}

/** What may be asked for. A kind that cannot stays in its place, with its reason. */
export function KindChoice({ kinds, chosen, onChoose }: KindChoiceProps) {
  const t = useText();
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('overrides.request.kind')}</legend>
      <div className="grid grid-cols-2 gap-2 max-md:grid-cols-1">
        {kinds.map(({ kind, refusal }) => (
          <label
            key={kind}
            title={refusal ? refusalText(t, refusal) : undefined}
            className={cx(
              'flex items-start gap-2.5 rounded-md border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-focus',
              refusal
                ? 'cursor-not-allowed border-dashed border-line-strong text-quiet'
                : 'cursor-pointer hover:bg-sunken/70',
              !refusal && (chosen === kind ? 'border-ink bg-sunken' : 'border-line-strong'),
            )}
          >
            <input
              type="radio"
              name="override-kind"
              value={kind}
              checked={chosen === kind}
              // Not `disabled`: the reason must be reached by the keyboard and read.
              aria-disabled={refusal !== null || undefined}
              aria-describedby={`kind-${kind}`}
              onChange={() => refusal === null && onChoose(kind)}
              className="mt-[3px] size-3.5 shrink-0 accent-ink"
            />
            <span className="min-w-0">
              <span className="block font-medium">{t(`overrides.kinds.${kind}`)}</span>
              <span id={`kind-${kind}`} className={cx('block text-xs', refusal ? 'text-quiet' : 'text-ink-2')}>
                {refusal ? (
                  <>
                    <span className="inline-block first-letter:uppercase">{refusalReason(t, refusal)}</span>
                    <span className="sr-only">. {refusalText(t, refusal)}</span>
                  </>
                ) : (
                  t(`overrides.kindLead.${kind}`)
                )}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
