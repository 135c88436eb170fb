import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Maximize2 } from 'lucide-react';
import { useLanguage, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { formatFileSize } from '../uploads/file-size.ts';
import { formatText, periodText } from './file-words.ts';
import type { FileDetail } from './settlement-wire.ts';
import { StatementList } from './statement-list.tsx';

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

/** One file beside the list: what it is, whether its statements add up, where it came from. */
export function FilePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText();
  const query = useQuery(trpc.settlement.file.queryOptions({ id }));
  const file = query.data;
  return (
    <SidePanel
      label={t('settlement.panel.label', { name: file?.filename ?? id })}
      subject={id}
      onClose={onClose}
      head={
        <span className="flex items-center gap-1">
          <IdText id={id} copy />
          <Link
            {...paths.file(id)}
            title={`${t('settlement.panel.openPage')} (o)`}
            aria-label={t('settlement.panel.openPage')}
            className="inline-flex size-6 items-center justify-center rounded-md text-quiet hover:bg-sunken hover:text-ink"
          >
            <Maximize2 aria-hidden="true" size={12} />
          </Link>
        </span>
      }
    >
      {file ? (
        <Content file={file} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 px-[18px] py-4">
          <Bar className="h-5! w-56" />
          <Bar className="w-40" />
          <Bar className="h-28! w-full" />
        </div>
      )}
    </SidePanel>
  );
}

function Content({ file }: { file: FileDetail }) {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  return (
    <>
      <PanelSection>
        <p className="text-lg font-semibold break-words">{file.filename}</p>
        <p className="text-ink-2">
          {formatText(t, file.format)} · {periodText(t, format, file)}
        </p>
        <p className="mt-2">
          <Link {...paths.file(file.id)} className={LINK}>
            {t('settlement.panel.lines', { count: file.lineCount })}
          </Link>
        </p>
      </PanelSection>
      <PanelSection title={t('settlement.panel.statements')}>
        <StatementList statements={file.statements} />
      </PanelSection>
      <PanelSection title={t('settlement.panel.details')}>
        <DescriptionList
          items={[
            { term: t('settlement.panel.source'), detail: t(`settlement.sources.${file.source}`) },
            { term: t('settlement.panel.size'), detail: formatFileSize(file.bytes, language) },
            { term: t('settlement.panel.by'), detail: file.importedBy },
            { term: t('settlement.panel.at'), detail: format.instant(file.importedAt) },
            { term: t('settlement.panel.times'), detail: format.count(file.timesReceived) },
          ]}
        />
        <Link {...paths.audit({ subject: file.id })} className={`mt-2 inline-block ${LINK}`}>
          {t('settlement.panel.audit')}
        </Link>
      </PanelSection>
    </>
  );
}
