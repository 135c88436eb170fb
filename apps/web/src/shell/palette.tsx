import { Dialog as Base } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react';
import { useLanguage, useText } from '../lib/i18n.ts';
import { languageSetting } from '../lib/language.ts';
import { offeredActs } from '../lib/palette-acts.ts';
import { suspendShortcuts } from '../lib/shortcuts.ts';
import { themeSetting } from '../lib/theme.ts';
import { trpc } from '../lib/trpc.ts';
import { useZone, zoneSetting } from '../lib/zone.ts';
import { paths } from '../paths.ts';
import { IdText } from '../ui/id-text.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { pathOfHit } from './path-of-hit.ts';

/** The shortest text that is looked up: shorter ones are words for the list above, not references. */
const SHORTEST = 3;

/** Go anywhere, or paste any id: ours, a provider's, or a merchant's own reference. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const language = useLanguage();
  const zone = useZone();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const found = useQuery(
    trpc.search.find.queryOptions({ text: asked }, { enabled: asked.length >= SHORTEST, staleTime: 10_000 }),
  );
  useEffect(() => suspendShortcuts(), []);
  // What the screen behind offered when it opened: nothing there changes while it lies over it.
  const [acts] = useState(offeredActs);
  const [chosen, setChosen] = useState('');
  const first = found.data?.[0];
  // What was looked up is what Enter should open; it arrives after the list has chosen something else.
  useEffect(() => {
    if (first) setChosen(hitValue(first.id, asked));
  }, [first, asked]);

  const pick = (act: () => void) => () => {
    onClose();
    act();
  };
  const otherZone = zone === 'utc' ? 'local' : 'utc';

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup className="rising fixed top-[14vh] left-1/2 z-50 w-[600px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-panel text-ink shadow-float">
          <Base.Title className="sr-only">{t('shell.palette.title')}</Base.Title>
          <Command label={t('shell.palette.title')} loop value={chosen} onValueChange={setChosen}>
            <Command.Input
              autoFocus
              value={typed}
              onValueChange={setTyped}
              placeholder={t('shell.palette.placeholder')}
              className="h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none"
            />
            <Command.List className="max-h-[46vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-quiet">
              {asked.length >= SHORTEST && (
                <Command.Group heading={found.data?.length ? t('shell.palette.found') : undefined} forceMount>
                  {found.data?.map((hit) => (
                    <Item
                      key={hit.id}
                      value={hitValue(hit.id, asked)}
                      onSelect={pick(() => void navigate(pathOfHit(hit)))}
                    >
                      <span className="text-quiet">{t(`shell.palette.kinds.${hit.kind}`)}</span>
                      <span className="truncate">{hit.label}</span>
                      <span className="ml-auto text-quiet">
                        <IdText id={hit.id} />
                      </span>
                    </Item>
                  ))}
                  {found.data !== undefined && found.data.length > 0 ? null : (
                    <p role="status" className="px-2.5 py-1.5 text-quiet">
                      {found.isError
                        ? t('shell.palette.unreachable')
                        : found.isPending
                          ? t('shell.palette.looking')
                          : t('shell.palette.nothing')}
                    </p>
                  )}
                </Command.Group>
              )}
              {acts && acts.acts.length > 0 && (
                <Command.Group heading={acts.heading}>
                  {acts.acts.map((act) => (
                    <Item
                      key={act.id}
                      value={act.id}
                      words={act.label}
                      whyNot={act.whyNot?.sentence}
                      onSelect={pick(act.run)}
                      {...(act.keys ? { keys: act.keys } : {})}
                    >
                      {act.label}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('shell.palette.go')}>
                <Item onSelect={pick(() => void navigate(paths.payouts()))} keys="g p">
                  {t('shell.nav.payouts')}
                </Item>
                <Item onSelect={pick(() => void navigate(paths.reconciliation()))} keys="g r">
                  {t('shell.nav.reconciliation')}
                </Item>
                <Item onSelect={pick(() => void navigate(paths.overrides()))} keys="g o">
                  {t('shell.nav.overrides')}
                </Item>
                <Item onSelect={pick(() => void navigate(paths.audit()))} keys="g a">
                  {t('shell.nav.audit')}
                </Item>
              </Command.Group>
              <Command.Group heading={t('shell.palette.view')}>
                <Item onSelect={pick(() => themeSetting.set('light'))}>{t('shell.palette.lightTheme')}</Item>
                <Item onSelect={pick(() => themeSetting.set('dark'))}>{t('shell.palette.darkTheme')}</Item>
                <Item onSelect={pick(() => themeSetting.set('system'))}>{t('shell.palette.systemTheme')}</Item>
                <Item onSelect={pick(() => languageSetting.set(language === 'en' ? 'tr' : 'en'))}>
                  {t('shell.palette.switchLanguage')}
                </Item>
                <Item onSelect={pick(() => zoneSetting.set(otherZone))}>
                  {t('shell.palette.switchZone', { zone: t(`shell.zone.${otherZone}`) })}
                </Item>
              </Command.Group>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The list filters by what was typed; what was found for it must pass, whatever it is called. */
function hitValue(id: string, asked: string): string {
  return `${asked} ${id}`;
}

interface ItemProps {
  value?: string;
  /** What it is found by, where its value is another. */
  words?: string;
  /** Why it cannot be done now: it stays in the list, with its reason. */
  whyNot?: string | undefined;
  keys?: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ value, words, whyNot, keys, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      {...(value === undefined ? {} : { value })}
      {...(words === undefined ? {} : { keywords: [words] })}
      disabled={whyNot !== undefined}
      onSelect={onSelect}
      className="flex h-[34px] cursor-default items-center gap-2.5 rounded-sm px-2.5 data-[selected=true]:bg-selection"
    >
      {whyNot === undefined ? (
        children
      ) : (
        <span className="truncate text-quiet" title={whyNot}>
          {children} · {whyNot}
        </span>
      )}
      {keys && whyNot === undefined && (
        <span className="ml-auto">
          <Kbd keys={keys} />
        </span>
      )}
    </Command.Item>
  );
}
