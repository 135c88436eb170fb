import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { PayoutStatusMark } from '../payouts/payout-status.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { PanelSection } from '../ui/side-panel.tsx';
import type { BreakDetail, NamedLine, NamedPayout } from './reconciliation-wire.ts';

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

/** Every payout and every line of a file that the break names, each leading to where it stands. */
export function BreakRecords({ detail }: { detail: BreakDetail }) {
  const t = useText();
  const { payouts, provider, bank, more, row } = detail;
  if (payouts.length + provider.length + bank.length === 0) return null;
  return (
    <PanelSection
      title={t(row.type === 'ambiguous' ? 'reconciliation.panel.candidates' : 'reconciliation.panel.records')}
    >
      <ul className="flex flex-col">
        {payouts.map((one) => (
          <PayoutRecord key={one.id} payout={one} />
        ))}
        {[...provider, ...bank].map((one) => (
          <LineRecord key={`${one.fileId} ${one.lineNo} ${one.source}`} line={one} />
        ))}
      </ul>
      {more > 0 && <p className="mt-1.5 text-quiet">{t('reconciliation.panel.more', { count: more })}</p>}
    </PanelSection>
  );
}

interface RecordProps {
  from: string;
  what: ReactNode;
  amount: ReactNode;
  details: ReactNode[];
}

function NamedRecord({ from, what, amount, details }: RecordProps) {
  return (
    <li className="border-t border-line py-2 first:border-t-0 first:pt-0 last:pb-0">
      <div className="flex items-baseline gap-3">
        <span className="w-[66px] shrink-0 text-quiet">{from}</span>
        <span className="min-w-0 flex-1 truncate">{what}</span>
        {amount}
      </div>
      <div className="flex flex-wrap gap-x-2.5 pl-[78px] text-xs text-quiet">{details}</div>
    </li>
  );
}

function PayoutRecord({ payout }: { payout: NamedPayout }) {
  const t = useText();
  const format = useFormat();
  return (
    <NamedRecord
      from={t('reconciliation.columns.ours')}
      what={
        <Link {...paths.payout(payout.id)} className={LINK}>
          <IdText id={payout.id} />
        </Link>
      }
      // As on the lines beside it: what leaves our account is negative.
      amount={<MoneyText money={{ amountMinor: -BigInt(payout.amountMinor), currency: payout.currency }} />}
      details={[
        <PayoutStatusMark key="status" status={payout.status as PayoutStatus} />,
        <span key="holder">{payout.holder}</span>,
        ...(payout.providerPayoutId ? [<IdText key="provider" id={payout.providerPayoutId} />] : []),
        <span key="at">{format.instant(payout.createdAt)}</span>,
      ]}
    />
  );
}

function LineRecord({ line }: { line: NamedLine }) {
  const t = useText();
  const format = useFormat();
  const fee = line.feeMinor === '0' ? null : format.money({ amountMinor: line.feeMinor, currency: line.currency });
  return (
    <NamedRecord
      from={t(`reconciliation.sources.${line.source}`)}
      what={
        <Link
          {...paths.file(line.fileId, { panel: String(line.lineNo) })}
          className={LINK}
          title={t('reconciliation.panel.lineOf', { file: line.filename, no: String(line.lineNo) })}
        >
          {t('reconciliation.panel.lineOf', { file: line.filename, no: String(line.lineNo) })}
        </Link>
      }
      amount={<MoneyText money={line} />}
      details={[
        ...(line.providerRef ? [<IdText key="provider" id={line.providerRef} />] : []),
        ...(line.ourRef ? [<IdText key="ours" id={line.ourRef} />] : []),
        ...(line.counterparty ? [<span key="who">{line.counterparty}</span>] : []),
        ...(fee ? [<span key="fee">{t('reconciliation.panel.fee', { amount: fee })}</span>] : []),
        ...(line.bookedOn
          ? [<span key="on">{t('reconciliation.panel.booked', { day: format.valueDate(line.bookedOn) })}</span>]
          : []),
      ]}
    />
  );
}
