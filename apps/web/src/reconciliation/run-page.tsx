import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** The report of one run. */
export function RunPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('reconciliation.title')} />
      <SkeletonRows />
    </>
  );
}
