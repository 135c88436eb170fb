import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useText, withTexts } from '../lib/i18n.ts';
import { paths } from '../paths.ts';
import { Bar } from '../ui/skeleton-rows.tsx';
import type { PayoutDetail } from './payout-wire.ts';

// The words of breaks and overrides come with the few payouts that have any.
const PayoutRecords = lazy(() =>
  withTexts(['reconciliation', 'overrides'], import('./payout-records.tsx')).then((file) => ({
    default: file.PayoutRecords,
  })),
);

export const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current';

/** The other records that speak of this payout. */
export function PayoutLinks({ payout, children }: { payout: PayoutDetail; children?: ReactNode }) {
  const t = useText();
  return (
    <div className="flex flex-col gap-2">
      {payout.breaks.length + payout.overrides.length > 0 ? (
        <Suspense fallback={<Bar className="w-48" />}>
          <PayoutRecords payout={payout} />
        </Suspense>
      ) : (
        <p className="text-quiet">{t('collab.links.none')}</p>
      )}
      {children}
    </div>
  );
}

/** The way to everything that was done to it. */
export function AuditLink({ id, children }: { id: string; children?: ReactNode }) {
  const t = useText();
  return (
    <Link {...paths.audit({ subject: id })} className={`self-start ${LINK}`}>
      {children ?? t('payouts.links.audit')}
    </Link>
  );
}
