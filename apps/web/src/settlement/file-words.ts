import type { Text, TextKey } from '../lib/i18n.ts';
import type { useFormat } from '../lib/use-format.ts';
import type { FileRow, LineRow } from './settlement-wire.ts';

/** A format's name; one newer than this page as it is. */
export function formatText(t: Text, format: string): string {
  const key = `settlement.formats.${format}` as Extract<TextKey, `settlement.formats.${string}`>;
  const words = t(key);
  return words === key ? format : words;
}

/** What a line is about. */
export function lineKindText(t: Text, kind: LineRow['kind']): string {
  return t(`settlement.lines.kinds.${kind}`);
}

/** The days that a file's lines name: one day, or the first and the last. */
export function periodText(
  t: Text,
  format: ReturnType<typeof useFormat>,
  { periodFrom, periodTo }: Pick<FileRow, 'periodFrom' | 'periodTo'>,
): string {
  if (periodFrom === null || periodTo === null) return t('settlement.noPeriod');
  if (periodFrom === periodTo) return format.valueDate(periodFrom);
  return `${format.valueDate(periodFrom)} – ${format.valueDate(periodTo)}`;
}
