import type { RefusalCode } from '@countersign/api/src/core/refusal.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { refusalText } from '../lib/failure.ts';
import { shortenId } from '../lib/format.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { Outcome } from './audit-columns.tsx';
import { AuditRecord } from './audit-record.tsx';
import type { AuditRow } from './audit-wire.ts';
import { actorKindText, actText, subjectKindText } from './audit-words.ts';
import { ID_LINK, subjectPath } from './subject-path.ts';

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

interface AuditPanelProps {
  id: string;
  /** The event where the list already holds it. */
  known: AuditRow | undefined;
  onClose: () => void;
}

/** One event beside the log: what was done, by whom, what it changed, why, and where the request came from. */
export function AuditPanel({ id, known, onClose }: AuditPanelProps) {
  const t = useText();
  // Events never change, so what the list holds needs no second look.
  const query = useQuery({ ...trpc.audit.event.queryOptions({ id }), enabled: known === undefined });
  const event = known ?? query.data;
  return (
    <SidePanel
      label={t('audit.panel.label', { seq: event?.seq ?? id })}
      subject={id}
      onClose={onClose}
      head={<span className="text-quiet">{event ? t('audit.panel.seq', { seq: event.seq }) : <IdText id={id} />}</span>}
    >
      {event ? (
        <Event event={event} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 px-[18px] py-4">
          <Bar className="h-5! w-56" />
          <Bar className="w-40" />
          <Bar className="h-24! w-full" />
        </div>
      )}
    </SidePanel>
  );
}

function Event({ event }: { event: AuditRow }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const refused = event.refusalCode;
  return (
    <>
      <PanelSection>
        <p className="text-lg font-semibold">{actText(t, event.act)}</p>
        <p className="text-ink-2">
          {event.actor.label} · <time dateTime={event.at}>{format.instant(event.at)}</time>{' '}
          <span className="text-quiet">({format.relative(event.at, now)})</span>
        </p>
        <div className="mt-2">
          <Outcome row={event} />
        </div>
        {refused !== null && (
          <p className="mt-2 rounded-md bg-med-soft px-3 py-2 text-med">
            {t('audit.panel.told', {
              name: event.actor.label,
              sentence: refusalText(t, { code: refused as RefusalCode }),
            })}
          </p>
        )}
      </PanelSection>
      <AuditRecord event={event} />
      {event.reason !== null && (
        <PanelSection title={t('audit.panel.reason')}>
          <p className="break-words whitespace-pre-wrap">{event.reason}</p>
        </PanelSection>
      )}
      <PanelSection title={t('audit.panel.origin')}>
        <Origin event={event} />
      </PanelSection>
      <PanelSection title={t('audit.panel.more')}>
        <Further event={event} />
      </PanelSection>
    </>
  );
}

function Origin({ event }: { event: AuditRow }) {
  const t = useText();
  const { actor, subject } = event;
  const missing = <span className="text-quiet">{t('audit.panel.notRecorded')}</span>;
  const coded = (text: string | null): ReactNode => (text === null ? missing : <IdText id={text} copy />);
  const to = subject && subjectPath(subject);
  return (
    <DescriptionList
      items={[
        { term: t('audit.panel.actor'), detail: `${actor.label} · ${actorKindText(t, actor.kind)}` },
        ...(subject
          ? [
              {
                term: t('audit.panel.subject'),
                detail: (
                  <span className="inline-flex flex-wrap items-center gap-x-1.5">
                    {subjectKindText(t, subject.kind)}{' '}
                    {to ? (
                      <Link {...to} className={ID_LINK}>
                        <IdText id={subject.id} />
                      </Link>
                    ) : (
                      <IdText id={subject.id} copy />
                    )}
                  </span>
                ),
              },
            ]
          : []),
        { term: t('audit.panel.request'), detail: coded(event.requestId) },
        { term: t('audit.panel.ip'), detail: event.ip === null ? missing : <code>{event.ip}</code> },
        { term: t('audit.panel.key'), detail: coded(event.idempotencyKey) },
        { term: t('audit.panel.eventId'), detail: coded(event.id) },
      ]}
    />
  );
}

function Further({ event }: { event: AuditRow }) {
  const t = useText();
  const { actor, subject } = event;
  return (
    <ul className="flex flex-col items-start gap-1">
      {subject && (
        <li>
          <Link {...paths.audit({ subject: subject.id })} className={LINK}>
            {t('audit.panel.allOfSubject', { id: shortenId(subject.id) })}
          </Link>
        </li>
      )}
      <li>
        <Link {...paths.audit({ actor: actor.label })} className={LINK}>
          {t('audit.panel.allOfActor', { name: actor.label })}
        </Link>
      </li>
      <li>
        <Link {...paths.audit({ act: event.act })} className={LINK}>
          {t('audit.panel.allOfAct', { act: actText(t, event.act) })}
        </Link>
      </li>
    </ul>
  );
}
