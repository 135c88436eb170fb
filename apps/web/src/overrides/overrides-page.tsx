import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** Overrides by what they wait for. */
export function OverridesPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('overrides.title')} />
      <SkeletonRows />
    </>
  );
}
