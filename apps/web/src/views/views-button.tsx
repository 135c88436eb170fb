import { useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { lazy } from 'react';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import type { PayoutsSearch } from '../paths.ts';
import { LazyPopup } from '../ui/lazy-popup.tsx';
import { isModified } from './view-search.ts';

const loadMenu = () => import('./views-menu.tsx');
const ViewsMenu = lazy(() => loadMenu().then((file) => ({ default: file.ViewsMenu })));

/** The saved views; while one is shown its name is on the button, with a dot once something was changed. */
export function ViewsButton({ search }: { search: PayoutsSearch }) {
  const t = useText();
  const slug = search.view;
  const views = useQuery(trpc.views.list.queryOptions(undefined, { enabled: slug !== undefined })).data;
  const current = views?.find((view) => view.slug === slug);
  const modified = current !== undefined && isModified(search, current.search);
  return (
    <LazyPopup
      haspopup="dialog"
      load={loadMenu}
      trigger={<Face label={t('views.menu')} name={current?.name} modified={modified ? t('views.modified') : null} />}
    >
      {(trigger) => <ViewsMenu trigger={trigger} search={search} />}
    </LazyPopup>
  );
}

interface FaceProps {
  label: string;
  name: string | undefined;
  /** The words for a changed view; null where it is as it was saved. */
  modified: string | null;
}

function Face({ label, name, modified, ...rest }: FaceProps) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={[label, name, modified].filter(Boolean).join(', ')}
      title={[name ?? label, modified].filter(Boolean).join(' · ')}
      className="inline-flex h-7 min-w-7 shrink-0 items-center justify-center gap-1.5 rounded-md px-1.5 text-sm text-ink-2 hover:bg-sunken hover:text-ink"
    >
      <Bookmark aria-hidden="true" size={15} className={name ? 'fill-current' : ''} />
      {name && <span className="max-w-36 truncate max-xl:sr-only">{name}</span>}
      {modified && <span aria-hidden="true" className="size-1.5 rounded-full bg-focus" />}
    </button>
  );
}
