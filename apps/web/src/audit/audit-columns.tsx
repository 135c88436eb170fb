import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { IdText } from '../ui/id-text.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import type { AuditRow } from './audit-wire.ts';
import { actorKindText, actText, refusedReason, subjectKindText } from './audit-words.ts';
import { ID_LINK, subjectPath } from './subject-path.ts';

/** The log's columns; the least needed go first when the panel takes their room. */
export function useAuditColumns(): Column<AuditRow>[] {
  const t = useText();
  return useMemo(
    () => [
      { id: 'at', header: t('audit.columns.at'), min: 134, cell: (row) => <When at={row.at} /> },
      {
        id: 'act',
        header: t('audit.columns.act'),
        min: 200,
        grow: 1.2,
        cell: (row) => (
          <span className="block truncate" title={row.act}>
            {actText(t, row.act)}
          </span>
        ),
      },
      { id: 'outcome', header: t('audit.columns.outcome'), min: 210, drop: 3, cell: (row) => <Outcome row={row} /> },
      {
        id: 'actor',
        header: t('audit.columns.actor'),
        min: 176,
        grow: 0.7,
        drop: 1,
        cell: (row) => <Actor actor={row.actor} />,
      },
      { id: 'subject', header: t('audit.columns.subject'), min: 200, drop: 4, cell: (row) => <Subject row={row} /> },
      {
        id: 'reason',
        header: t('audit.columns.reason'),
        min: 160,
        grow: 1,
        drop: 5,
        cell: (row) =>
          row.reason && (
            <span className="block truncate text-ink-2" title={row.reason}>
              {row.reason}
            </span>
          ),
      },
    ],
    [t],
  );
}

const MINUTE_MS = 60_000;

function When({ at }: { at: string }) {
  const format = useFormat();
  const now = useNow(MINUTE_MS);
  return (
    <time dateTime={at} title={format.instant(at)}>
      <span className="text-quiet">{format.day(at, now)}</span> {format.time(at)}
    </time>
  );
}

/** Whether it was done; a refusal with its reason in a few words. */
export function Outcome({ row }: { row: AuditRow }) {
  const t = useText();
  if (row.outcome === 'done') {
    return (
      <span className="text-quiet">
        <StatusMark shape="ring" tone="quiet" label={t('audit.outcome.done')} />
      </span>
    );
  }
  const reason = refusedReason(t, row);
  return (
    <span className="block truncate text-med" title={reason ?? undefined}>
      <StatusMark shape="open-square" tone="med" label={t('audit.outcome.refused')} />
      {reason && <span className="text-ink-2"> · {reason}</span>}
    </span>
  );
}

/** Who acted; what is no person says what it is. */
export function Actor({ actor }: { actor: AuditRow['actor'] }) {
  const t = useText();
  return (
    <span className="block truncate" title={actor.label}>
      {actor.label}
      {actor.kind !== 'person' && <span className="text-quiet"> · {actorKindText(t, actor.kind)}</span>}
    </span>
  );
}

function Subject({ row }: { row: AuditRow }) {
  const t = useText();
  const tabIndex = useCellTabIndex();
  if (!row.subject) return null;
  const to = subjectPath(row.subject);
  const id = <IdText id={row.subject.id} />;
  return (
    <span className="block truncate">
      <span className="text-quiet">{subjectKindText(t, row.subject.kind)} </span>
      {to ? (
        <Link {...to} tabIndex={tabIndex} className={ID_LINK}>
          {id}
        </Link>
      ) : (
        id
      )}
    </span>
  );
}
