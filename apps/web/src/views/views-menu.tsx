import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BookmarkPlus, Check, Link2, Pencil, RotateCcw, Save, Trash2, UserRound, UsersRound, X } from 'lucide-react';
import { type ComponentType, type ReactElement, type ReactNode, useState } from 'react';
import { refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';
import { type PayoutsSearch, paths } from '../paths.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Popover, type PopoverTriggerProps } from '../ui/popover.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { toast } from '../ui/toast.tsx';
import { NameViewDialog } from './name-view-dialog.tsx';
import { RemoveViewDialog } from './remove-view-dialog.tsx';
import { useViewCommands } from './use-view-commands.ts';
import { isModified, searchOfView, viewSearch } from './view-search.ts';
import type { SavedView } from './view-wire.ts';

interface ViewsMenuProps {
  trigger: ReactElement<PopoverTriggerProps>;
  search: PayoutsSearch;
}

type Asking = { what: 'save' } | { what: 'rename' | 'remove'; view: SavedView };

/** The saved views: one's own and the team's, what can be done with the one that is shown, and keeping another. */
export function ViewsMenu({ trigger, search }: ViewsMenuProps) {
  const t = useText();
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = (): void => setAsking(null);
  return (
    <>
      <Popover label={t('views.menu')} trigger={trigger} align="end" defaultOpen>
        {(done) => (
          <Content
            search={search}
            onDone={done}
            onAsk={(next) => {
              done();
              setAsking(next);
            }}
          />
        )}
      </Popover>
      {asking?.what === 'save' && <NameViewDialog search={search} view={null} onClose={close} />}
      {asking?.what === 'rename' && <NameViewDialog search={search} view={asking.view} onClose={close} />}
      {asking?.what === 'remove' && <RemoveViewDialog view={asking.view} search={search} onClose={close} />}
    </>
  );
}

interface ContentProps {
  search: PayoutsSearch;
  onDone: () => void;
  onAsk: (asking: Asking) => void;
}

function Content({ search, onDone, onAsk }: ContentProps) {
  const t = useText();
  const may = useMay();
  const navigate = useNavigate();
  const query = useQuery(trpc.views.list.queryOptions());
  const commands = useViewCommands();
  const views = query.data ?? [];
  const current = views.find(({ slug }) => slug === search.view);
  const then = (act: () => void) => () => {
    onDone();
    act();
  };
  const go = (view: SavedView): void => void navigate(paths.payouts(searchOfView(view.slug, view.search)));

  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="w-72">
      {query.isPending && (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 p-2">
          <Bar className="w-40" />
          <Bar className="w-32" />
        </div>
      )}
      {query.data?.length === 0 && <p className="px-2 py-1.5 text-quiet">{t('views.none')}</p>}
      <ViewList
        title={t('views.mine')}
        views={views.filter(({ scope }) => scope === 'private')}
        current={current}
        onPick={(view) => then(() => go(view))()}
      />
      <ViewList
        title={t('views.team')}
        views={views.filter(({ scope }) => scope === 'team')}
        current={current}
        onPick={(view) => then(() => go(view))()}
      />
      <hr className="my-1 border-line" />
      {current && (
        <Current
          view={current}
          modified={isModified(search, current.search)}
          mayShare={may('view:share')}
          on={{
            reset: then(() => go(current)),
            update: then(() => commands.update(current, viewSearch(search))),
            rename: () => onAsk({ what: 'rename', view: current }),
            share: then(() => (current.scope === 'team' ? commands.unshare(current) : commands.share(current))),
            copy: then(() => void copyLink(current.slug, t('common.copied'))),
            leave: then(() => void navigate(paths.payouts(viewSearch(search)))),
            remove: () => onAsk({ what: 'remove', view: current }),
          }}
        />
      )}
      <Item icon={BookmarkPlus} onPress={() => onAsk({ what: 'save' })}>
        {t('views.saveAs')}
      </Item>
    </div>
  );
}

async function copyLink(slug: string, said: string): Promise<void> {
  const { params, to } = paths.view(slug);
  await navigator.clipboard?.writeText(window.location.origin + to.replace('$slug', params.slug));
  toast({ tone: 'done', title: said });
}

interface ViewListProps {
  title: string;
  views: readonly SavedView[];
  current: SavedView | undefined;
  onPick: (view: SavedView) => void;
}

function ViewList({ title, views, current, onPick }: ViewListProps) {
  const t = useText();
  if (views.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons is no fieldset
    <div role="group" aria-label={title}>
      <div aria-hidden="true" className="px-2 pt-1.5 pb-0.5 text-2xs font-medium text-quiet">
        {title}
      </div>
      {views.map((view) => (
        <button
          key={view.id}
          type="button"
          aria-current={view === current || undefined}
          onClick={() => onPick(view)}
          className={ITEM}
        >
          <span className="flex w-4 justify-center">{view === current && <Check aria-hidden="true" size={13} />}</span>
          <span className="truncate">{view.name}</span>
          {!view.mine && (
            <span className="ml-auto shrink-0 text-xs text-quiet">{t('views.by', { name: view.owner.name })}</span>
          )}
        </button>
      ))}
    </div>
  );
}

interface CurrentProps {
  view: SavedView;
  modified: boolean;
  mayShare: boolean;
  on: Record<'reset' | 'update' | 'rename' | 'share' | 'copy' | 'leave' | 'remove', () => void>;
}

function Current({ view, modified, mayShare, on }: CurrentProps) {
  const t = useText();
  const refused = view.can.change && refusalText(t, view.can.change);
  const noShare = refused ?? (mayShare ? null : refusalText(t, { code: 'permission_missing' }));
  return (
    <>
      {modified && (
        <>
          <Item icon={Save} onPress={on.update} whyNot={refused}>
            {t('views.update', { name: view.name })}
          </Item>
          <Item icon={RotateCcw} onPress={on.reset}>
            {t('views.reset')}
          </Item>
        </>
      )}
      <Item icon={Pencil} onPress={on.rename} whyNot={refused}>
        {t('views.rename')}
      </Item>
      <Item
        icon={view.scope === 'team' ? UserRound : UsersRound}
        onPress={on.share}
        whyNot={view.scope === 'team' ? refused : noShare}
      >
        {t(view.scope === 'team' ? 'views.unshare' : 'views.share')}
      </Item>
      <Item icon={Link2} onPress={on.copy}>
        {t('views.copyLink')}
      </Item>
      <Item icon={X} onPress={on.leave}>
        {t('views.leave')}
      </Item>
      <Item icon={Trash2} onPress={on.remove} whyNot={refused}>
        {t('views.remove')}
      </Item>
      <hr className="my-1 border-line" />
    </>
  );
}

const ITEM =
  'flex h-[30px] w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-sunken focus-visible:bg-sunken -outline-offset-2';

interface ItemProps {
  icon: ComponentType<{ size: number; 'aria-hidden': 'true'; className: string }>;
  onPress: () => void;
  /** Why it cannot be done. It stays in its place and says so. */
  whyNot?: string | null;
  children: ReactNode;
}

function Item({ icon: Icon, onPress, whyNot = null, children }: ItemProps) {
  return (
    <button
      type="button"
      aria-disabled={whyNot !== null || undefined}
      title={whyNot ?? undefined}
      onClick={whyNot === null ? onPress : undefined}
      className={whyNot === null ? ITEM : `${ITEM} h-auto! min-h-[30px] flex-wrap py-1 text-quiet`}
    >
      <Icon aria-hidden="true" size={13} className="shrink-0 text-quiet" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {whyNot !== null && <span className="w-full pl-[21px] text-2xs">{whyNot}</span>}
    </button>
  );
}
