import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** The payouts desk: the queue, and the panel of one payout beside it. */
export function PayoutsPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('payouts.title')} />
      <SkeletonRows />
    </>
  );
}
