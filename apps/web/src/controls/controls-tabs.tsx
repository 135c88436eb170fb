import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';

/** The screens of the controls: what is stopped, when a payout is stuck, and who is told by webhook. `children` stand at the right end. */
export function ControlsTabs({ children }: { children?: ReactNode }) {
  const t = useText();
  return (
    <div className="flex min-h-[42px] shrink-0 flex-wrap items-center gap-x-5 border-b border-line px-4">
      <nav aria-label={t('controls.title')} className="flex gap-5 self-end">
        <TabLink link={paths.controls()} exact>
          {t('controls.tabs.switches')}
        </TabLink>
        <TabLink link={paths.stuckPolicy()}>{t('controls.tabs.stuckPolicy')}</TabLink>
        <TabLink link={paths.webhooks()}>{t('controls.tabs.webhooks')}</TabLink>
      </nav>
      {children && <div className="ml-auto flex items-center gap-2 py-1.5">{children}</div>}
    </div>
  );
}

interface TabLinkProps {
  link: Pick<LinkProps, 'to'>;
  /** Only on its own address: the others lie beneath it. */
  exact?: boolean;
  children: ReactNode;
}

function TabLink({ link, exact = false, children }: TabLinkProps) {
  return (
    <Link
      {...link}
      activeOptions={{ exact, includeSearch: false }}
      className="-mb-px inline-flex h-[38px] items-center border-b-2 border-transparent text-quiet hover:text-ink"
      activeProps={{ className: 'border-ink! text-ink! font-medium' }}
    >
      {children}
    </Link>
  );
}
