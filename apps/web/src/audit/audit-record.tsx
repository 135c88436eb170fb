import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { DiffList } from '../ui/diff-list.tsx';
import { PanelSection } from '../ui/side-panel.tsx';
import { auditDiff } from './audit-diff.ts';
import { AuditValue } from './audit-value.tsx';
import type { AuditRow } from './audit-wire.ts';
import { fieldText } from './audit-words.ts';

/** What an event changed and what was written down with it, and below the record exactly as it is stored. */
export function AuditRecord({ event }: { event: AuditRow }) {
  const t = useText();
  const { changes, facts } = auditDiff(event.before, event.after);
  const empty = changes.length === 0 && facts.length === 0;
  return (
    <>
      {changes.length > 0 && (
        <PanelSection title={t('audit.panel.changes')}>
          <DiffList
            caption={t('audit.panel.changes')}
            items={changes.map(({ path, before, after, changed }) => ({
              field: fieldText(t, path) ?? path,
              before: <AuditValue value={before} />,
              after: <AuditValue value={after} />,
              changed,
            }))}
          />
        </PanelSection>
      )}
      {(facts.length > 0 || empty) && (
        <PanelSection title={t('audit.panel.facts')}>
          {empty ? (
            <p className="text-quiet">{t('audit.panel.nothing')}</p>
          ) : (
            <DescriptionList
              items={facts.map(({ path, value }) => ({
                key: path,
                term: fieldText(t, path) ?? <code className="break-all">{path}</code>,
                detail: <AuditValue value={value} />,
              }))}
            />
          )}
        </PanelSection>
      )}
      {!empty && (
        <PanelSection>
          <Raw title={t('audit.panel.raw')}>
            {JSON.stringify({ before: event.before, after: event.after }, null, 2)}
          </Raw>
        </PanelSection>
      )}
    </>
  );
}

function Raw({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details>
      <summary className="inline-block min-h-6 rounded-xs text-xs text-ink-2 hover:text-ink">{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0} className="mt-1 max-h-72 overflow-auto rounded-md bg-sunken p-2.5 whitespace-pre-wrap">
        {children}
      </pre>
    </details>
  );
}
