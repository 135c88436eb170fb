import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** What was done, by whom, in order. */
export function AuditPage() {
  const t = useText();
  return (
    <>
      <PageTitle title={t('audit.title')} />
      <SkeletonRows />
    </>
  );
}
