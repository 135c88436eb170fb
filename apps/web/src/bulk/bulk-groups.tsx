import type { Outcome, Planned } from '@countersign/api/src/bulk/bulk.ts';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { OUTCOME_LOOK, PLANNED_ICON } from './bulk-look.ts';
import type { BulkDetail, BulkSums } from './bulk-wire.ts';
import { codeText } from './bulk-words.ts';
import type { BulkNarrow } from './use-bulk-items.ts';

interface GroupsProps {
  detail: BulkDetail;
  narrow: BulkNarrow;
  onNarrow: (narrow: BulkNarrow) => void;
}

/** What the preview says, group by group; pressing one shows its payouts. */
export function PlannedGroups({ detail, narrow, onNarrow }: GroupsProps) {
  const t = useText();
  return (
    <GroupTable
      caption={t('bulk.preview.willDo')}
      rows={detail.groups.map(({ key, code, count, sums }) => {
        const pressed = narrow.planned === key && narrow.code === (code ?? undefined);
        return {
          id: `${key} ${code}`,
          mark: <PlannedMark planned={key} />,
          why: code === null ? null : codeText(t, code),
          count,
          sums,
          quiet: key === 'skipped',
          pressed,
          onPress: () => onNarrow(pressed ? {} : { planned: key, ...(code === null ? {} : { code }) }),
        };
      })}
    />
  );
}

/** What became of the payouts, outcome by outcome. */
export function OutcomeGroups({ detail, narrow, onNarrow }: GroupsProps) {
  const t = useText();
  return (
    <GroupTable
      caption={t('bulk.report.became')}
      rows={detail.outcomes.map(({ key, code, count, sums }) => {
        const pressed = narrow.outcome === key && narrow.code === (code ?? undefined);
        return {
          id: `${key} ${code}`,
          mark: <OutcomeMark outcome={key} />,
          why: code === null ? null : codeText(t, code),
          count,
          sums,
          quiet: key === 'skipped' || key === 'canceled',
          pressed,
          onPress: () => onNarrow(pressed ? {} : { outcome: key, ...(code === null ? {} : { code }) }),
        };
      })}
    />
  );
}

export function PlannedMark({ planned }: { planned: Planned }) {
  const t = useText();
  const Icon = PLANNED_ICON[planned];
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <Icon aria-hidden="true" size={13} className="shrink-0" />
      {t(`bulk.planned.${planned}`)}
    </span>
  );
}

export function OutcomeMark({ outcome }: { outcome: Outcome | 'waiting' }) {
  const t = useText();
  return (
    <span className="inline-flex items-center gap-[7px] whitespace-nowrap">
      <Mark {...OUTCOME_LOOK[outcome]} />
      {t(`bulk.outcome.${outcome}`)}
    </span>
  );
}

interface GroupRow {
  id: string;
  mark: ReactNode;
  why: string | null;
  count: number;
  sums: BulkSums;
  quiet: boolean;
  pressed: boolean;
  onPress: () => void;
}

function GroupTable({ caption, rows }: { caption: string; rows: readonly GroupRow[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <table className="w-full border-collapse">
      <caption className="pb-1 text-left text-2xs font-medium text-quiet">{caption}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{caption}</th>
          <th scope="col">{t('bulk.columns.why')}</th>
          <th scope="col">{t('bulk.columns.count')}</th>
          <th scope="col">{t('bulk.columns.sums')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            className={cx('border-t border-line', row.quiet && 'text-ink-2', row.pressed && 'bg-selection')}
          >
            <th scope="row" className={cx('py-1 pr-3 text-left align-top', row.quiet ? 'font-normal' : 'font-medium')}>
              <button
                type="button"
                aria-pressed={row.pressed}
                onClick={row.onPress}
                className="-my-0.5 inline-flex min-h-6 items-center rounded-xs px-1 underline decoration-transparent underline-offset-2 hover:decoration-current"
              >
                {row.mark}
              </button>
            </th>
            <td className="py-1 pr-3 align-top text-ink-2">{row.why}</td>
            <td className="py-1 pr-4 text-right align-top font-medium tabular-nums">{format.count(row.count)}</td>
            <td className="py-1 pr-1 text-right align-top">
              <Sums sums={row.sums} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Sums side by side: currencies are never added to each other. */
export function Sums({ sums, oneLine = false }: { sums: BulkSums; oneLine?: boolean }) {
  return (
    <span className={cx('inline-flex justify-end gap-x-3', oneLine ? 'whitespace-nowrap' : 'flex-wrap')}>
      {sums.map((sum) => (
        <MoneyText key={sum.currency} money={sum} />
      ))}
    </span>
  );
}
