import { readFailure, refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Mark } from './status-mark.tsx';

interface ErrorStateProps {
  error: unknown;
  /** Tries again. */
  onRetry?: () => void;
  /** What was asked: a read moved nothing; the outcome of a command without an answer is unknown. */
  asked?: 'read' | 'command';
}

/** What happened, whether money moved, what to do, and a reference to quote. */
export function ErrorState({ error, onRetry, asked = 'read' }: ErrorStateProps) {
  const t = useText();
  const failure = readFailure(error);
  const unknown = failure.kind === 'fault' && asked === 'command';
  const refusal = failure.kind === 'refusal' ? failure.refusal : null;
  // A page asks only for what its address names: an id that cannot exist is a record that does not exist.
  const missing = asked === 'read' && (refusal?.code === 'malformed' || refusal?.code === 'not_found');
  return (
    <div role="alert" className="mx-auto flex max-w-[56ch] flex-col items-start gap-1.5 px-6 py-12">
      <p className="flex items-center gap-2 text-md font-semibold">
        <Mark shape={unknown ? 'half-ring' : 'square'} tone={unknown ? 'unsure' : 'high'} size={10} />
        {t('common.failure.title')}
      </p>
      {failure.kind === 'refusal' ? (
        <p className="text-sm text-ink-2">{missing ? t('refusals.not_found') : refusalText(t, failure.refusal)}</p>
      ) : (
        <>
          <p className="text-sm text-ink-2">
            {failure.reached ? t('common.failure.server') : t('common.failure.unreachable')}{' '}
            {unknown ? t('common.failure.unknown') : t('common.failure.nothingMoved')}
          </p>
          <p className="text-sm text-quiet">{t('common.failure.todo')}</p>
        </>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {onRetry && !missing && <Button onClick={onRetry}>{t('common.retry')}</Button>}
        {failure.reference && (
          <span className="inline-flex items-center gap-1.5 text-xs text-quiet">
            {t('common.failure.reference')} <code className="text-ink-2">{failure.reference}</code>
            <CopyButton value={failure.reference} label={t('common.copy')} />
          </span>
        )}
      </div>
    </div>
  );
}
