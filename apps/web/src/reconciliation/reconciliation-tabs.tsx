import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';

/** Reconciliation's two screens: the runs, and the files that they compare. */
export function ReconciliationTabs({ children }: { children?: ReactNode }) {
  const t = useText();
  return (
    <div className="flex min-h-[42px] shrink-0 flex-wrap items-center gap-x-5 border-b border-line px-4">
      <nav aria-label={t('reconciliation.title')} className="flex gap-5 self-end">
        <TabLink link={paths.reconciliation()}>{t('reconciliation.tabs.runs')}</TabLink>
        <TabLink link={paths.files()}>{t('reconciliation.tabs.files')}</TabLink>
      </nav>
      {children && <div className="ml-auto flex items-center gap-2 py-1.5">{children}</div>}
    </div>
  );
}

function TabLink({ link, children }: { link: Pick<LinkProps, 'to' | 'search'>; children: ReactNode }) {
  return (
    <Link
      {...link}
      activeOptions={{ exact: true, includeSearch: false }}
      className="-mb-px inline-flex h-[38px] items-center border-b-2 border-transparent text-quiet hover:text-ink"
      activeProps={{ className: 'border-ink! text-ink! font-medium' }}
    >
      {children}
    </Link>
  );
}
