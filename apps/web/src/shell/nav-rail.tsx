import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { ListChecks, Scale, ScrollText, Send, Signature, SlidersHorizontal, Stamp } from 'lucide-react';
import type { ComponentType } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { useWaitingOverrideCount } from '../overrides/use-waiting-override-count.ts';
import { paths } from '../paths.ts';
import { useOpenBreakCount } from '../reconciliation/use-open-break-count.ts';
import { LiveState } from './live-state.tsx';

/** The screens there are. Below 1024 px only the icons stay, with their names for screen readers and on hover. */
export function NavRail() {
  const t = useText();
  const stuck = useQuery(trpc.payouts.counts.queryOptions()).data?.stuck;
  const openBreaks = useOpenBreakCount();
  const waiting = useWaitingOverrideCount();
  return (
    <nav
      aria-label={t('shell.nav.label')}
      className="flex w-[52px] shrink-0 flex-col border-r border-line bg-sunken px-2 py-3 lg:w-[200px]"
    >
      <Link
        {...paths.home()}
        className="flex h-7 items-center gap-2.5 rounded-md px-2 max-lg:justify-center max-lg:px-0"
      >
        <Stamp aria-hidden="true" size={17} className="shrink-0" />
        <span className="font-semibold max-lg:sr-only">{t('shell.product')}</span>
      </Link>
      <div className="mt-3.5 flex flex-col gap-px">
        <NavLink
          link={paths.payouts()}
          icon={Send}
          label={t('shell.nav.payouts')}
          count={stuck?.count}
          more={stuck?.exact === false}
          countLabel={t('shell.nav.stuck', { count: stuck?.count ?? 0 })}
          alarming
        />
        <NavLink link={paths.bulkRuns()} icon={ListChecks} label={t('shell.nav.bulk')} />
        <NavLink
          link={paths.reconciliation()}
          icon={Scale}
          label={t('shell.nav.reconciliation')}
          count={openBreaks}
          countLabel={t('shell.nav.openBreaks', { count: openBreaks ?? 0 })}
        />
        <NavLink
          link={paths.overrides()}
          icon={Signature}
          label={t('shell.nav.overrides')}
          count={waiting}
          countLabel={t('shell.nav.waiting', { count: waiting ?? 0 })}
        />
        <NavLink link={paths.audit()} icon={ScrollText} label={t('shell.nav.audit')} />
        <NavLink link={paths.controls()} icon={SlidersHorizontal} label={t('shell.nav.controls')} />
      </div>
      <div className="mt-auto px-2 pb-1 max-lg:px-0">
        <LiveState />
      </div>
    </nav>
  );
}

interface NavLinkProps {
  link: Pick<LinkProps, 'to' | 'search'>;
  icon: ComponentType<{ size: number; 'aria-hidden': 'true'; className: string }>;
  label: string;
  count?: number | undefined;
  /** There are more than `count`: it is not counted further. */
  more?: boolean;
  /** The count in words, as it is announced and shown on hover. */
  countLabel?: string;
  /** Waiting work that somebody's money depends on. */
  alarming?: boolean;
}

function NavLink({ link, icon: Icon, label, count, more = false, countLabel, alarming = false }: NavLinkProps) {
  const format = useFormat();
  const shown = count !== undefined && count > 0;
  return (
    <Link
      {...link}
      activeOptions={{ includeSearch: false }}
      title={shown ? `${label} · ${countLabel}` : label}
      className="relative flex h-[30px] items-center gap-2.5 rounded-md border border-transparent px-2 text-ink-2 hover:text-ink max-lg:h-9 max-lg:justify-center max-lg:px-0"
      activeProps={{ className: 'border-line! bg-panel font-medium text-ink!' }}
    >
      <Icon aria-hidden="true" size={15} className="shrink-0" />
      <span className="truncate max-lg:sr-only">{label}</span>
      {shown && (
        <span
          className={cx(
            'ml-auto text-xs max-lg:absolute max-lg:top-0.5 max-lg:right-0.5 max-lg:text-[9px] max-lg:leading-none',
            alarming ? 'font-semibold text-high' : 'text-quiet',
          )}
        >
          <span aria-hidden="true">
            {format.count(count)}
            {more && '+'}
          </span>
          <span className="sr-only">{countLabel}</span>
        </span>
      )}
    </Link>
  );
}
