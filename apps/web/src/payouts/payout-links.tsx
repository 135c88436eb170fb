import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import type { PayoutDetail } from './payout-wire.ts';

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

/** The other records that speak of this payout. */
export function PayoutLinks({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const format = useFormat();
  const items = [
    {
      term: t('payouts.links.breaks'),
      detail: list(
        payout.breaks.map((one) => (
          <Link key={one.id} {...paths.break(one.id)} className={LINK}>
            <IdText id={one.id} /> {one.risk} · {format.valueDate(one.periodOn)}
          </Link>
        )),
      ),
    },
    {
      term: t('payouts.links.overrides'),
      detail: list(
        payout.overrides.map((one) => (
          <Link key={one.id} {...paths.override(one.id)} className={LINK}>
            <IdText id={one.id} /> {one.maker}
          </Link>
        )),
      ),
    },
    {
      term: t('payouts.links.entries'),
      detail: list(
        payout.entries.map((one) => (
          <span key={one.id}>
            <IdText id={one.id} copy /> <span className="text-quiet">{format.instant(one.postedAt)}</span>
          </span>
        )),
      ),
    },
  ].filter((item) => item.detail !== null);
  return (
    <div className="flex flex-col gap-2">
      <DescriptionList items={items} />
      <Link {...paths.audit({ subject: payout.row.id })} className={`self-start ${LINK}`}>
        {t('payouts.links.audit')}
      </Link>
    </div>
  );
}

function list(lines: ReactNode[]): ReactNode {
  return lines.length === 0 ? null : <span className="flex flex-col">{lines}</span>;
}
