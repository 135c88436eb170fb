import type { Resolution } from '@countersign/api/src/reconciliation/break.ts';
import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { Mark } from '../ui/status-mark.tsx';
import type { BreakDetail } from './reconciliation-wire.ts';

interface BreakClosedProps {
  detail: BreakDetail;
  resolution: Resolution;
}

/** How it ended: by the run that no longer found it, or by a person's word. */
export function BreakClosed({ detail: { row, history }, resolution }: BreakClosedProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const by = history.find((one) => one.outcome === 'cleared');
  const words = t(`reconciliation.closed.${resolution}`, {
    day: by ? format.valueDate(by.on) : '',
    who: row.resolvedBy ?? '',
    when: row.resolvedAt ? format.relative(row.resolvedAt, now) : '',
  });
  return (
    <>
      <p className="flex items-baseline gap-2">
        <Mark shape="dot" tone="safe" />
        {words}
      </p>
      {row.note && <p className="mt-1 text-ink-2">{t('reconciliation.closed.note', { note: row.note })}</p>}
      {by && (
        <Link
          {...paths.run(by.runId, { filter: 'cleared', panel: row.id })}
          className="mt-1.5 inline-block underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {t('reconciliation.closed.show')}
        </Link>
      )}
    </>
  );
}
