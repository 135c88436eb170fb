import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { differenceKey, sideText } from './break-words.ts';
import type { BreakDetail, NamedLine, Side } from './reconciliation-wire.ts';

/** Ours, the provider's and the bank's word beside each other; the one in question is tinted. */
export function BreakSides({ detail }: { detail: BreakDetail }) {
  const t = useText();
  const { row, balance } = detail;
  if (row.runaway) return <Runaway detail={detail} runaway={row.runaway} />;
  if (balance) return <Balances detail={detail} balance={balance} />;
  const odd = oddOneOut(row);
  const box = (side: Side, name: string, tinted: boolean, references: ReactNode) => (
    <Box name={name} tinted={tinted}>
      <Amount side={side} currency={row.currency} />
      {references}
    </Box>
  );
  const [first] = detail.payouts;
  return (
    <>
      <Frame>
        {box(
          row.ours,
          t('reconciliation.columns.ours'),
          odd === 'ours',
          first && detail.payouts.length === 1 ? (
            <IdText id={first.id} className="text-ink-2" />
          ) : (
            <Lines side={row.ours} />
          ),
        )}
        {box(
          row.provider,
          t('reconciliation.columns.provider'),
          odd === 'provider',
          <References side={row.provider} lines={detail.provider} />,
        )}
        {box(
          row.bank,
          t('reconciliation.columns.bank'),
          odd === 'bank',
          <References side={row.bank} lines={detail.bank} />,
        )}
      </Frame>
      <Difference row={row} />
    </>
  );
}

/** The side that the others speak against: where the line is missing, or is one too many. */
function oddOneOut({ type, side }: BreakDetail['row']): 'ours' | 'provider' | 'bank' | null {
  if (type === 'ambiguous') return null;
  if (side === 'provider_bank') return 'bank';
  if (type === 'missing_in_ledger' || type === 'duplicate_in_ledger') return 'ours';
  return side === 'ledger_provider' ? 'provider' : null;
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <dl className="grid auto-cols-fr grid-flow-col divide-x divide-line overflow-hidden rounded-md border border-line bg-panel">
      {children}
    </dl>
  );
}

function Box({ name, tinted, children }: { name: string; tinted: boolean; children: ReactNode }) {
  return (
    <div className={cx('min-w-0 px-3 py-2.5', tinted && 'bg-high-soft')}>
      <dt className={cx('text-xs', tinted ? 'text-high' : 'text-quiet')}>{name}</dt>
      <dd className="flex flex-col items-start">{children}</dd>
    </div>
  );
}

function Amount({ side, currency }: { side: Side; currency: string | null }) {
  const t = useText();
  if (side.amountMinor === null || currency === null) {
    return (
      <span className={cx('font-semibold', side.state === 'missing' ? 'text-unsure' : 'text-ink-2')}>
        {side.state === 'nothing' ? t('reconciliation.side.nothing') : sideText(t, side)}
      </span>
    );
  }
  return <MoneyText money={{ amountMinor: side.amountMinor, currency }} bare className="font-semibold" />;
}

function Lines({ side }: { side: Side }) {
  const t = useText();
  if (side.lines === 0 || side.amountMinor === null) return null;
  return <span className="text-xs text-ink-2">{t('reconciliation.side.lines', { count: side.lines })}</span>;
}

/** The one line's own reference, or how many lines there are; the lines themselves are listed below. */
function References({ side, lines }: { side: Side; lines: readonly NamedLine[] }) {
  const t = useText();
  const [only] = lines;
  if (!only || lines.length > 1) return <Lines side={side} />;
  const reference = only.providerRef ?? only.ourRef;
  return (
    <>
      {reference && <IdText id={reference} className="text-ink-2" />}
      <span className="text-xs text-ink-2">{t('reconciliation.panel.line', { no: String(only.lineNo) })}</span>
    </>
  );
}

function Balances({ detail: { row }, balance }: { detail: BreakDetail; balance: NonNullable<BreakDetail['balance']> }) {
  const t = useText();
  const amount = (amountMinor: string | null) =>
    amountMinor === null || row.currency === null ? (
      <span className="font-semibold text-ink-2">{t('reconciliation.side.nothing')}</span>
    ) : (
      <MoneyText money={{ amountMinor, currency: row.currency }} bare className="font-semibold" />
    );
  return (
    <>
      <Frame>
        <Box name={t('reconciliation.columns.ledger')} tinted={false}>
          {amount(balance.ledgerMinor)}
        </Box>
        <Box name={t('reconciliation.panel.stored')} tinted>
          {amount(balance.storedMinor)}
        </Box>
      </Frame>
      <Difference row={row} />
      {row.account && <IdText id={row.account} whole copy className="break-all whitespace-normal! text-quiet" />}
    </>
  );
}

function Runaway({ detail, runaway }: { detail: BreakDetail; runaway: NonNullable<BreakDetail['row']['runaway']> }) {
  const t = useText();
  return (
    <>
      <p className="text-ink-2">{t('reconciliation.panel.runaway', { count: runaway.count })}</p>
      <ul className="mt-1">
        {runaway.differences.map((one) => (
          <li key={one.currency}>
            <MoneyText money={{ amountMinor: one.differenceMinor, currency: one.currency }} signed />
          </li>
        ))}
      </ul>
      {detail.row.currency !== null && <Difference row={detail.row} />}
    </>
  );
}

function Difference({ row }: { row: BreakDetail['row'] }) {
  const t = useText();
  const format = useFormat();
  if (row.currency === null) return null;
  return (
    <p className="mt-2 flex justify-between gap-3 text-sm">
      <span className="text-quiet">{t(`reconciliation.report.${differenceKey(row.kind)}`)}</span>
      <span className="font-semibold tabular-nums">
        {format.money({ amountMinor: row.differenceMinor, currency: row.currency }, true)}
      </span>
    </p>
  );
}
