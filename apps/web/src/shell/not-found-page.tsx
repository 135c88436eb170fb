import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';

/** No page has this address. */
export function NotFoundPage() {
  const t = useText();
  return (
    <main className="mx-auto flex max-w-[56ch] flex-col items-start gap-2 px-6 py-16">
      <h1 className="text-md">{t('common.failure.notFoundTitle')}</h1>
      <p className="text-ink-2">{t('common.failure.notFound')}</p>
      <Link {...paths.home()} className="mt-2 font-medium underline underline-offset-2">
        {t('common.failure.home')}
      </Link>
    </main>
  );
}
