import type { OverrideKind, OverrideStatus } from '@countersign/api/src/overrides/override.ts';
import type { BreakType } from '@countersign/api/src/reconciliation/break.ts';
import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { OVERRIDE_LOOK } from '../overrides/override-look.ts';
import { paths } from '../paths.ts';
import { type RiskClass, RiskMark } from '../ui/risk-mark.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import type { PayoutDetail } from './payout-wire.ts';

const ROW = 'flex flex-wrap items-baseline gap-x-2 rounded-md border border-line px-3 py-2 hover:border-line-strong';

/** The breaks and overrides that speak of a payout, each in a line that leads there. */
export function PayoutRecords({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-2">
      {payout.breaks.map((one) => (
        <li key={one.id}>
          <Link {...paths.break(one.id)} className={ROW}>
            <RiskMark risk={one.risk as RiskClass} />
            <span className="font-medium">{t(`reconciliation.types.${one.type as BreakType}`)}</span>
            <span className="text-ink-2">
              {t(`overrides.preview.breakStatus.${one.status as 'open' | 'assigned' | 'resolved'}`)}
            </span>
            <span className="ml-auto text-xs text-quiet">{format.valueDate(one.periodOn)}</span>
          </Link>
        </li>
      ))}
      {payout.overrides.map((one) => (
        <li key={one.id}>
          <Link {...paths.override(one.id)} className={ROW}>
            <StatusMark
              {...OVERRIDE_LOOK[one.status as OverrideStatus]}
              label={t(`overrides.status.${one.status as OverrideStatus}`)}
            />
            <span className="font-medium">{t(`overrides.kinds.${one.kind as OverrideKind}`)}</span>
            <span className="text-ink-2">{one.maker}</span>
            <span className="ml-auto text-xs text-quiet">{format.instant(one.createdAt)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
