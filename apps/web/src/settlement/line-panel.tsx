import { useQuery } from '@tanstack/react-query';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { PanelSection, SidePanel } from '../ui/side-panel.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { lineKindText } from './file-words.ts';
import type { LineRow } from './settlement-wire.ts';
import { lineQuery } from './use-lines.ts';

interface LinePanelProps {
  fileId: string;
  lineNo: number;
  /** The line where the list already holds it. */
  known: LineRow | undefined;
  onClose: () => void;
}

/** One line beside the list: what it says in our words, and the line itself as it stands in the file. */
export function LinePanel({ fileId, lineNo, known, onClose }: LinePanelProps) {
  const t = useText();
  const format = useFormat();
  const query = useQuery({ ...lineQuery(fileId, lineNo), enabled: known === undefined });
  const line = known ?? query.data?.rows[0];
  return (
    <SidePanel
      label={t('settlement.lines.panel', { line: lineNo })}
      subject={String(lineNo)}
      onClose={onClose}
      head={<span className="text-quiet">{t('settlement.lines.panel', { line: format.count(lineNo) })}</span>}
    >
      {line ? (
        <Content line={line} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 px-[18px] py-4">
          <Bar className="h-6! w-44" />
          <Bar className="h-24! w-full" />
        </div>
      )}
    </SidePanel>
  );
}

function Content({ line }: { line: LineRow }) {
  const t = useText();
  const format = useFormat();
  const { currency } = line;
  const id = (text: string | null) => text && <IdText id={text} whole={text.length <= 40} copy />;
  const references = [
    { term: t('settlement.lines.providerRef'), detail: id(line.providerRef) },
    { term: t('settlement.lines.ourRef'), detail: id(line.ourRef) },
    { term: t('settlement.lines.endToEnd'), detail: id(line.endToEndId) },
    { term: t('settlement.lines.counterparty'), detail: line.counterparty },
    { term: t('settlement.lines.description'), detail: line.description },
  ].filter((item) => item.detail);
  return (
    <>
      <PanelSection>
        <p className="text-xl font-semibold">
          <MoneyText money={line} className="[&>span]:text-ink" />
        </p>
        <p className="text-ink-2">
          {lineKindText(t, line.kind)}
          {line.counterparty && ` · ${line.counterparty}`}
        </p>
      </PanelSection>
      <PanelSection title={t('settlement.lines.amounts')}>
        <DescriptionList
          items={[
            { term: t('settlement.lines.columns.amount'), detail: <MoneyText money={line} /> },
            {
              term: t('settlement.lines.columns.fee'),
              detail: <MoneyText money={{ amountMinor: line.feeMinor, currency }} />,
            },
            {
              term: t('settlement.lines.columns.net'),
              detail: <MoneyText money={{ amountMinor: line.netMinor, currency }} />,
            },
            { term: t('settlement.lines.account'), detail: id(line.account) },
            ...(line.valueOn ? [{ term: t('settlement.lines.value'), detail: format.valueDate(line.valueOn) }] : []),
            ...(line.bookedOn ? [{ term: t('settlement.lines.booked'), detail: format.valueDate(line.bookedOn) }] : []),
          ]}
        />
      </PanelSection>
      {references.length > 0 && (
        <PanelSection title={t('settlement.lines.references')}>
          <DescriptionList items={references} />
        </PanelSection>
      )}
      <PanelSection title={t('settlement.lines.raw')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <pre tabIndex={0} className="max-h-96 overflow-auto rounded-md bg-sunken p-2.5 break-all whitespace-pre-wrap">
          {line.raw}
        </pre>
      </PanelSection>
    </>
  );
}
