import type { ActionKind } from '@countersign/api/src/reconciliation/recommended-action.ts';
import { Check, Clock, type LucideIcon, RefreshCw, RotateCw, Siren, UserRoundSearch } from 'lucide-react';
import { useMemo } from 'react';
import { cx } from '../lib/class-names.ts';
import { moneyParts } from '../lib/format.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RiskMark } from '../ui/risk-mark.tsx';
import { accountParts, actionText, sideText } from './break-words.ts';
import type { BreakRow, Side } from './reconciliation-wire.ts';

export type ShownBreak = BreakRow & { gone: boolean };

export const ACTION_ICONS: Record<ActionKind, LucideIcon> = {
  retry: RotateCw,
  check_provider: RefreshCw,
  manual_review: UserRoundSearch,
  escalate: Siren,
  wait_until: Clock,
};

/** A figure's width in the grid's face, and the cell's own padding, in px. */
const FIGURE_PX = 7.9;
const PADDING_PX = 20;

/** The report's columns. Amounts are never cut: a column is as wide as the longest amount it holds. */
export function useBreakColumns(rows: readonly BreakRow[], balances: boolean): Column<ShownBreak>[] {
  const t = useText();
  const language = useLanguage();
  return useMemo(() => {
    const widest = (amountOf: (row: BreakRow) => string | null, code: boolean, floor: number): number =>
      rows.reduce((most, row) => {
        const amountMinor = amountOf(row);
        if (amountMinor === null) return most;
        const { number } = moneyParts({ amountMinor, currency: row.currency ?? '' }, language, true);
        return Math.max(most, Math.ceil((number.length + (code ? 4.6 : 0)) * FIGURE_PX) + PADDING_PX);
      }, floor);
    const side = (id: 'ours' | 'provider' | 'bank', header: string, drop: number): Column<ShownBreak> => ({
      id,
      header,
      min: widest((row) => row[id].amountMinor, false, 92),
      align: 'end',
      drop,
      cell: (row) => <SideCell side={row[id]} currency={row.currency} />,
    });
    const compared: Column<ShownBreak>[] = balances
      ? [
          {
            id: 'account',
            header: t('reconciliation.columns.account'),
            min: 130,
            drop: 1,
            cell: (row) => <Account account={row.account} />,
          },
          side('ours', t('reconciliation.columns.ledger'), 4),
        ]
      : [
          side('ours', t('reconciliation.columns.ours'), 2),
          side('provider', t('reconciliation.columns.provider'), 4),
          side('bank', t('reconciliation.columns.bank'), 5),
        ];
    return [
      {
        id: 'risk',
        header: t('reconciliation.columns.risk'),
        min: 80,
        cell: (row) => <RiskMark risk={row.risk} />,
      },
      {
        id: 'break',
        header: t('reconciliation.columns.break'),
        min: 184,
        grow: 1,
        cell: (row) => <What row={row} />,
      },
      {
        id: 'next',
        header: t('reconciliation.columns.next'),
        min: 152,
        drop: 3,
        cell: (row) => <Next row={row} />,
      },
      {
        id: 'age',
        header: t('reconciliation.columns.age'),
        min: 78,
        drop: 6,
        cell: (row) => <Age row={row} />,
      },
      ...(balances
        ? []
        : [
            {
              id: 'payout',
              header: t('reconciliation.columns.payout'),
              min: 116,
              drop: 7,
              cell: (row: ShownBreak) => row.payoutId && <IdText id={row.payoutId} className="text-ink-2" />,
            },
          ]),
      ...compared,
      {
        id: 'difference',
        header: t('reconciliation.columns.difference'),
        min: widest((row) => row.differenceMinor, true, 124),
        align: 'end',
        cell: (row) => <Difference row={row} />,
      },
    ];
  }, [t, language, rows, balances]);
}

function What({ row }: { row: ShownBreak }) {
  const t = useText();
  const detail = t(`reconciliation.details.${row.detail}`);
  return (
    <span className="flex flex-col leading-[18px]">
      <span className={cx('truncate', row.gone && 'text-quiet line-through')}>
        {t(`reconciliation.types.${row.type}`)}
      </span>
      <span className="truncate text-xs text-quiet" title={detail}>
        {detail}
      </span>
    </span>
  );
}

/** What to do about it, and who has it; once it is over, how it ended. */
function Next({ row }: { row: BreakRow }) {
  const t = useText();
  const format = useFormat();
  const over = row.resolution !== null;
  const Icon = over ? Check : ACTION_ICONS[row.action.action];
  const words = row.resolution ? t(`reconciliation.resolutions.${row.resolution}`) : actionText(t, format, row.action);
  const notes = [
    ...(row.escalatedAt !== null && !over ? [t('reconciliation.history.escalated')] : []),
    ...(row.assignee && !over ? [t('reconciliation.panel.with', { name: row.assignee.name })] : []),
  ];
  return (
    <span className={cx('flex items-start gap-2', over && 'text-quiet')}>
      <Icon aria-hidden="true" size={13} className="mt-[3px] shrink-0" />
      <span className="flex min-w-0 flex-col leading-[18px]">
        <span className={cx('truncate', !over && 'font-medium')}>{words}</span>
        {notes.length > 0 && (
          <span className="truncate text-xs text-quiet" title={notes.join(' · ')}>
            {notes.join(' · ')}
          </span>
        )}
      </span>
    </span>
  );
}

/** How long it has been known; of a closed one, how long it was open. */
function Age({ row }: { row: BreakRow }) {
  const format = useFormat();
  const now = useNow(60_000);
  const end = row.resolvedAt === null ? now.getTime() : Date.parse(row.resolvedAt);
  return (
    <span className="text-quiet" title={format.instant(row.openedAt)}>
      {format.duration(Math.max(0, end - Date.parse(row.openedAt)))}
    </span>
  );
}

/** One side's amount. What was not looked at is "missing", what was looked at and is not there is a dash: neither is zero. */
function SideCell({ side, currency }: { side: Side; currency: string | null }) {
  const t = useText();
  if (side.amountMinor === null || currency === null) {
    return <span className={side.state === 'missing' ? 'text-unsure' : 'text-quiet'}>{sideText(t, side)}</span>;
  }
  return (
    <span className="flex flex-col leading-[18px]">
      <MoneyText money={{ amountMinor: side.amountMinor, currency }} bare />
      {side.lines > 1 && (
        <span className="text-xs text-quiet">{t('reconciliation.side.lines', { count: side.lines })}</span>
      )}
    </span>
  );
}

function Difference({ row }: { row: BreakRow }) {
  const format = useFormat();
  if (row.currency !== null) {
    return (
      <MoneyText
        money={{ amountMinor: row.differenceMinor, currency: row.currency }}
        signed
        className={cx(
          row.resolution === null && row.differenceMinor !== '0' ? 'font-semibold' : 'text-quiet',
          '[&>span]:font-normal',
        )}
      />
    );
  }
  const [first] = row.runaway?.differences ?? [];
  if (first) return <MoneyText money={{ amountMinor: first.differenceMinor, currency: first.currency }} signed />;
  return <>{row.drift ? format.count(row.drift.drift) : '–'}</>;
}

function Account({ account }: { account: string | null }) {
  if (account === null) return null;
  const { kind, id } = accountParts(account);
  return (
    <span className="flex flex-col leading-[18px]">
      <span>{kind}</span>
      {id && <IdText id={id} className="text-quiet" />}
    </span>
  );
}
