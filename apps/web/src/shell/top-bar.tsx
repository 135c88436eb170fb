import { Monitor, Moon, Search, Sun } from 'lucide-react';
import { cx } from '../lib/class-names.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { languageSetting } from '../lib/language.ts';
import { useSetting } from '../lib/setting.ts';
import { type Theme, themeSetting } from '../lib/theme.ts';
import { useZone, zoneLabel, zoneSetting } from '../lib/zone.ts';
import { IconButton } from '../ui/button.tsx';
import { ariaKeys, Kbd } from '../ui/kbd.tsx';
import { Bell } from './bell.tsx';
import { PersonButton } from './person-button.tsx';

interface TopBarProps {
  /** Takes the element that the page's title is put into. */
  titlePlace: (element: HTMLElement | null) => void;
  onSearch: () => void;
  onShortcuts: () => void;
}

/** What the screen is, then what works on every screen: search, zone, language, theme, the person. */
export function TopBar({ titlePlace, onSearch, onShortcuts }: TopBarProps) {
  const t = useText();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4">
      <div ref={titlePlace} className="flex min-w-0 flex-1 items-baseline gap-2.5" />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts={ariaKeys('mod+k')}
        className="flex h-[30px] w-[260px] items-center gap-2 rounded-md border border-line bg-sunken px-2.5 text-quiet hover:border-line-strong max-xl:w-[210px] max-md:w-auto"
      >
        <Search aria-hidden="true" size={14} className="shrink-0" />
        <span className="min-w-0 flex-1 truncate text-left max-md:sr-only">{t('shell.search')}</span>
        <Kbd keys="mod+k" />
      </button>
      <ZoneSwitch />
      <LanguageSwitch />
      <ThemeSwitch />
      <Bell />
      <PersonButton onShortcuts={onShortcuts} />
    </header>
  );
}

function ZoneSwitch() {
  const t = useText();
  const zone = useZone();
  const other = zone === 'utc' ? 'local' : 'utc';
  const label = zoneLabel(zone, new Date());
  return (
    <Switch
      label={t('shell.zone.label', { label, zone: t(`shell.zone.${zone}`), other: t(`shell.zone.${other}`) })}
      onPress={() => zoneSetting.set(other)}
      className="w-[58px]"
    >
      {label}
    </Switch>
  );
}

function LanguageSwitch() {
  const t = useText();
  const language = useLanguage();
  const code = language === 'en' ? 'EN' : 'TR';
  return (
    <Switch
      label={t('shell.language', { code, language: t('shell.languageName'), other: t('shell.otherLanguageName') })}
      onPress={() => languageSetting.set(language === 'en' ? 'tr' : 'en')}
      className="w-9"
    >
      {code}
    </Switch>
  );
}

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON = { system: Monitor, light: Sun, dark: Moon };

function ThemeSwitch() {
  const t = useText();
  const theme = useSetting(themeSetting);
  const next = NEXT_THEME[theme];
  const Icon = THEME_ICON[theme];
  return (
    <IconButton
      label={t('shell.theme.label', { theme: t(`shell.theme.${theme}`), next: t(`shell.theme.${next}`) })}
      onClick={() => themeSetting.set(next)}
      className="max-sm:hidden"
    >
      <Icon aria-hidden="true" size={15} />
    </IconButton>
  );
}

interface SwitchProps {
  label: string;
  onPress: () => void;
  className: string;
  children: string;
}

function Switch({ label, onPress, className, children }: SwitchProps) {
  return (
    <IconButton label={label} onClick={onPress} className={cx('text-xs font-medium max-sm:hidden', className)}>
      {children}
    </IconButton>
  );
}
