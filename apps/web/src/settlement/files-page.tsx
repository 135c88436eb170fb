import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** The settlement files. */
export function FilesPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('settlement.title')} />
      <SkeletonRows />
    </>
  );
}
