import type { Text } from '../lib/i18n.ts';
import { ALL_TYPES, type DeliveryRow, type Endpoint } from './webhook-wire.ts';

/** What an endpoint follows, in a word or two. */
export function followsText(t: Text, types: readonly string[]): string {
  return types.includes(ALL_TYPES) ? t('webhooks.follows.all') : t('webhooks.follows.some', { count: types.length });
}

/** What a try came to: the status of the answer, or why there was none. Null before the first try. */
export function answerText(t: Text, { statusCode, error }: Pick<DeliveryRow, 'statusCode' | 'error'>): string | null {
  if (statusCode !== null) return `HTTP ${statusCode}`;
  return error && t(`webhooks.errors.${error}`);
}

/** How much of the last day has arrived; null where nothing was tried. */
export function arrivedShare({ day }: Pick<Endpoint, 'day'>): number | null {
  return day.tried === 0 ? null : day.delivered / day.tried;
}

/** What has not arrived, by whether it will be tried again. */
export function missingText(t: Text, { failing, givenUp }: Pick<Endpoint, 'failing' | 'givenUp'>): string | null {
  const parts = [
    ...(failing > 0 ? [t('webhooks.missing.failing', { count: failing })] : []),
    ...(givenUp > 0 ? [t('webhooks.missing.givenUp', { count: givenUp })] : []),
  ];
  return parts.length > 0 ? parts.join(' · ') : null;
}

/** JSON set out for reading; text that is none as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
