import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { type Instant, useFormat } from '../lib/use-format.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { RunLink } from './bulk-run-card.tsx';
import type { BulkDetail } from './bulk-wire.ts';
import { askedText, doesText } from './bulk-words.ts';

/** What the run is: the act, how much money it is about, who, when, and out of which question. */
export function BulkHead({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const { run } = detail;
  const asked = askedText(t, detail.asked);
  return (
    <>
      <h2 className="text-xl font-semibold">
        {run.runnableCount > 0 ? doesText(t, run.act, run.runnableCount, detail.assignee) : t('bulk.preview.none')}
      </h2>
      {run.sums.length > 0 && (
        <p className="flex flex-wrap gap-x-5 text-lg font-medium">
          {run.sums.map((sum) => (
            <MoneyText key={sum.currency} money={sum} />
          ))}
        </p>
      )}
      <p className="mt-1 text-ink-2">
        {t('bulk.run.inNameOf', { name: run.createdBy.name })}
        <When at={run.createdAt}>{(when) => t('bulk.report.previewed', { when })}</When>
        {run.confirmedAt && <When at={run.confirmedAt}>{(when) => t('bulk.report.confirmed', { when })}</When>}
        {run.finishedAt && <When at={run.finishedAt}>{(when) => t('bulk.report.finished', { when })}</When>}
      </p>
      {asked && <p className="text-quiet">{t('bulk.asked.from', { words: asked })}</p>}
      {detail.reason && <p className="break-words text-ink-2">{t('bulk.preview.reason', { reason: detail.reason })}</p>}
      {detail.parentId && (
        <p className="text-ink-2">
          {t('bulk.report.of')} <RunLink id={detail.parentId} />
        </p>
      )}
    </>
  );
}

function When({ at, children }: { at: Instant; children: (when: string) => ReactNode }) {
  const format = useFormat();
  const now = useNow();
  return (
    <>
      {' · '}
      <time dateTime={String(at)} title={format.instant(at)}>
        {children(format.relative(at, now))}
      </time>
    </>
  );
}
