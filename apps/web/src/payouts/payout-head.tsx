import { initialsOf } from '@countersign/api/src/core/person-name.ts';
import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import { Face } from '../collab/face.tsx';
import { SnoozedMark } from '../collab/snoozed-mark.tsx';
import { useText } from '../lib/i18n.ts';
import { Badge } from '../ui/badge.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { providerName } from './payout-look.ts';
import { PayoutStatusMark } from './payout-status.tsx';
import type { PayoutDetail } from './payout-wire.ts';
import { StuckBadge } from './stuck-badge.tsx';

/** What it is: how much, to whom, by which way, and in what state. */
export function PayoutHead({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const { row, destination } = payout;
  return (
    <>
      <p className="text-xl font-semibold">
        <MoneyText money={row} className="[&>span]:text-ink" />
      </p>
      <p className="text-ink-2">
        {row.holder} · <span className="whitespace-nowrap">{destination.masked}</span> · {providerName(row.provider)},{' '}
        {t(`payouts.rails.${row.rail as Rail}`)}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        <PayoutStatusMark status={row.status} />
        {row.stuck && <StuckBadge stuck={row.stuck} provider={row.provider} rail={row.rail as Rail} says="limit" />}
        {row.highValue && <Badge tone="neutral">{t('payouts.highValue')}</Badge>}
        {row.assignee && (
          <span className="inline-flex items-center gap-1.5 text-xs text-ink-2">
            <Face initials={initialsOf(row.assignee.name)} />
            {t('collab.assign.with', { name: row.assignee.name })}
          </span>
        )}
      </div>
      <SnoozedMark row={row} />
    </>
  );
}
