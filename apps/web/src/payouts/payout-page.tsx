import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** One payout on a page of its own. */
export function PayoutPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('payouts.title')} />
      <SkeletonRows />
    </>
  );
}
