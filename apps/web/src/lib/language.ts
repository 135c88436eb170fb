import { createSetting } from './setting.ts';

export const LANGUAGES = ['en', 'tr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** BCP 47 tags for `Intl`: British English writes the day before the month and 24 hours, as this desk does. */
export const LOCALE: Record<Language, string> = { en: 'en-GB', tr: 'tr-TR' };

/** The language the person chose, else the browser's when it is one of ours. */
export const languageSetting = createSetting<Language>('language', LANGUAGES, () =>
  typeof navigator !== 'undefined' && navigator.language?.startsWith('tr') ? 'tr' : 'en',
);
