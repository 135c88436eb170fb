import { cx } from '../lib/class-names.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { CopyButton } from './copy-button.tsx';
import { Mark } from './status-mark.tsx';

/**
 * What came instead of a command's answer, in the dialog that sent it. A refusal changed nothing and says why; a lost
 * answer is unknown, and pressing again under the same key is safe. The region is there from the start, to be announced.
 */
export function CommandFailure({ error }: { error: unknown }) {
  const t = useText();
  const failure = error === null || error === undefined ? null : readFailure(error);
  const refused = failure?.kind === 'refusal';
  return (
    <div role="alert">
      {failure && (
        <div
          className={cx('mt-4 rounded-md px-3 py-2', refused ? 'bg-high-soft text-high' : 'bg-unsure-soft text-unsure')}
        >
          <p className="flex items-baseline gap-2">
            <Mark shape={refused ? 'square' : 'half-ring'} tone={refused ? 'high' : 'unsure'} />
            {refused ? refusalText(t, failure.refusal) : t('common.failure.unknown')}
          </p>
          {failure.reference && (
            <p className="mt-1 flex items-center gap-1 text-xs">
              {t('common.failure.reference')} <code>{failure.reference}</code>
              <CopyButton value={failure.reference} label={t('common.copy')} />
            </p>
          )}
        </div>
      )}
    </div>
  );
}
