import { useText } from '../lib/i18n.ts';
import { PageTitle } from '../shell/page-title.tsx';

export function ViewPage() {
  const t = useText();
  return <PageTitle title={t('views.label')} />;
}
