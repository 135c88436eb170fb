import { useSyncExternalStore } from 'react';
import type { en } from './i18n/en.ts';
import { type Language, LOCALE, languageSetting } from './language.ts';

/*
 * The texts are plain objects, one file per area and language; a key is the path to a text. Only the language in use is
 * fetched. The compiler knows every key and every {placeholder}: a missing parameter does not build. That, plurals and
 * numbers written in the language's way are all that is needed of a translation library, at a fortieth of its weight.
 */

/** A text that changes with `count`. Turkish gives both forms although they mostly agree. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** What another language must bring: the same tree, with its own texts. */
export type Translation<T> = T extends Plural
  ? Plural
  : T extends string
    ? string
    : { [K in keyof T]: Translation<T[K]> };
export type Dictionary = Translation<typeof en>;

type Path<T> = {
  [K in keyof T & string]: T[K] extends string | Plural ? K : `${K}.${Path<T[K]>}`;
}[keyof T & string];
export type TextKey = Path<typeof en>;

type At<T, K extends string> = K extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : K extends keyof T
    ? T[K]
    : never;
type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type ParamNames<V> = V extends Plural ? 'count' | Placeholders<V['one'] | V['other']> : Placeholders<V>;
type Params<K extends TextKey> = [ParamNames<At<typeof en, K>>] extends [never]
  ? [params?: Record<string, string | number>]
  : [params: { [N in ParamNames<At<typeof en, K>>]: string | number }];

/** The keys of texts that need no parameter. */
export type PlainTextKey = { [K in TextKey]: [ParamNames<At<typeof en, K>>] extends [never] ? K : never }[TextKey];

/** Says a text in the person's language. Numbers among the parameters are grouped as the language does. */
export type Text = <K extends TextKey>(key: K, ...params: Params<K>) => string;

/** Areas of texts that are fetched with the screens that say them; everything else comes with the first screen. */
export type TextArea = keyof typeof AREAS.en;

const BASE: Record<Language, () => Promise<Partial<Dictionary>>> = {
  en: () => import('./i18n/en-base.ts').then((file) => file.enBase),
  tr: () => import('./i18n/tr-base.ts').then((file) => file.trBase),
};

const AREAS = {
  en: {
    payouts: () => import('./i18n/en/payouts-area.ts').then((file) => file.payoutsArea),
    collab: () => import('./i18n/en/collab.ts'),
    reconciliation: () => import('./i18n/en/reconciliation.ts'),
    settlement: () => import('./i18n/en/settlement.ts'),
    overrides: () => import('./i18n/en/overrides.ts'),
    audit: () => import('./i18n/en/audit.ts'),
    controls: () => import('./i18n/en/controls.ts'),
    webhooks: () => import('./i18n/en/webhooks.ts'),
  },
  tr: {
    payouts: () => import('./i18n/tr/payouts-area.ts').then((file) => file.payoutsArea),
    collab: () => import('./i18n/tr/collab.ts'),
    reconciliation: () => import('./i18n/tr/reconciliation.ts'),
    settlement: () => import('./i18n/tr/settlement.ts'),
    overrides: () => import('./i18n/tr/overrides.ts'),
    audit: () => import('./i18n/tr/audit.ts'),
    controls: () => import('./i18n/tr/controls.ts'),
    webhooks: () => import('./i18n/tr/webhooks.ts'),
  },
} satisfies Record<Language, Record<string, () => Promise<Partial<Dictionary>>>>;

let current: { language: Language; dictionary: Partial<Dictionary>; text: Text } | null = null;
const wanted = new Set<TextArea>();
const listeners = new Set<() => void>();

function show(language: Language, dictionary: Partial<Dictionary>): void {
  current = { language, dictionary, text: makeText(language, dictionary) };
  if (typeof document !== 'undefined') document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Fetches a language, with the areas that are in use, and switches every text to it. */
async function showLanguage(language: Language): Promise<void> {
  const parts = await Promise.all([BASE[language](), ...[...wanted].map((area) => AREAS[language][area]())]);
  // A slower, older choice must not overwrite a newer one.
  if (current && languageSetting.get() !== language) return;
  show(language, Object.assign({}, ...parts));
}

/** Shows the chosen language now and whenever the choice changes. Awaited once before the first render. */
export async function followLanguage(): Promise<void> {
  languageSetting.subscribe(() => void showLanguage(languageSetting.get()));
  await showLanguage(languageSetting.get());
}

/**
 * A screen together with its texts: `withTexts(['payouts'], import('../payouts/payouts-page.tsx'))`. Both are fetched at
 * once, and the screen renders when it can speak.
 */
export async function withTexts<T>(areas: readonly TextArea[], screen: Promise<T>): Promise<T> {
  const missing = areas.filter((area) => !wanted.has(area));
  for (const area of missing) wanted.add(area);
  const language = languageSetting.get();
  const [file, ...parts] = await Promise.all([screen, ...missing.map((area) => AREAS[language][area]())]);
  // Another language is being fetched meanwhile: it brings the areas itself.
  if (current?.language === language) show(language, Object.assign({}, current.dictionary, ...parts));
  return file;
}

/** The function that says texts, for components: they render again when the language changes. */
export function useText(): Text {
  return useSyncExternalStore(subscribe, text);
}

/** The language whose texts are on the screen. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, shownLanguage);
}

/** The same function outside components: toasts, shortcut sheets. Throws before the first language is there. */
export function text(): Text {
  if (!current) throw new Error('No language is loaded yet.');
  return current.text;
}

function shownLanguage(): Language {
  return current?.language ?? 'en';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Builds the text function of one dictionary. An unknown key is said as the key itself, so a hole is seen, not fatal. */
export function makeText(language: Language, dictionary: Partial<Dictionary>): Text {
  const plurals = new Intl.PluralRules(LOCALE[language]);
  const numbers = new Intl.NumberFormat(LOCALE[language]);
  return (key, ...[params]) => {
    const values: Record<string, string | number> | undefined = params;
    const found = lookUp(dictionary, key);
    const count = values?.count;
    const plain = isPlural(found) ? pluralForm(found, plurals, count) : found;
    if (typeof plain !== 'string') return key;
    if (!values) return plain;
    return plain.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

function pluralForm(plural: Plural, rules: Intl.PluralRules, count: string | number | undefined): string {
  return rules.select(Number(count ?? 0)) === 'one' ? plural.one : plural.other;
}

function isPlural(value: unknown): value is Plural {
  return typeof value === 'object' && value !== null && 'one' in value && 'other' in value;
}

function lookUp(tree: unknown, key: string): unknown {
  let at: unknown = tree;
  for (const step of key.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
