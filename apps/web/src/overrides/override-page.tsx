import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** One override, as its approver signs it. */
export function OverridePage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('overrides.title')} />
      <SkeletonRows />
    </>
  );
}
