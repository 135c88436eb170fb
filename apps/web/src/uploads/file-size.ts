import { type Language, LOCALE } from '../lib/language.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size in bytes as people read it: `812 B` → `812 byte`, `1.2 MB`. Decimal steps, as disks and browsers count. */
export function formatFileSize(bytes: number | string, language: Language): string {
  const size = Number(bytes);
  const step = Math.min(UNITS.length - 1, size < 1_000 ? 0 : Math.floor(Math.log10(size) / 3));
  return new Intl.NumberFormat(LOCALE[language], {
    style: 'unit',
    unit: UNITS[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 || size / 1_000 ** step >= 100 ? 0 : 1,
  }).format(size / 1_000 ** step);
}
