import type { BulkAct } from '@countersign/api/src/bulk/bulk.ts';
import type { PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import { refusalReason } from '../lib/failure.ts';
import type { en } from '../lib/i18n/en.ts';
import type { Text } from '../lib/i18n.ts';
import { tokensOf } from '../payouts/filter-words.ts';
import type { BulkDetail, BulkSums } from './bulk-wire.ts';

type Code = keyof typeof en.bulk.codes;

/** Why something is planned, skipped or failed, in a few words. A code that is newer than this page is said as it is. */
export function codeText(t: Text, code: string): string {
  const key = `bulk.codes.${code as Code}` as const;
  const own = t(key);
  return own === key ? refusalReason(t, { code: code as Parameters<typeof refusalReason>[1]['code'] }) : own;
}

/** `Retry 214 payouts`: what the run does, and to how many. */
export function doesText(t: Text, act: BulkAct, count: number, assignee: BulkDetail['assignee']): string {
  if (act !== 'assign') return t(`bulk.does.${act}`, { count });
  return assignee ? t('bulk.does.assign', { count, name: assignee.name }) : t('bulk.does.unassign', { count });
}

/** `EUR 1,204.00 · TRY 18,000.00`; currencies are never added to each other. */
export function sumsText(sums: BulkSums, money: (sum: BulkSums[number]) => string): string {
  return sums.map((sum) => money(sum)).join(' · ');
}

/** What the selection was: so many picked payouts, or a filter and what narrowed it. Null where the run came from another. */
export function askedText(t: Text, asked: unknown): string | null {
  if (typeof asked !== 'object' || asked === null) return null;
  if ('picked' in asked) return t('bulk.asked.picked', { count: Number(asked.picked) });
  if (!('filter' in asked)) return null;
  const { filter, where } = asked as { filter: string; where?: PayoutWhere };
  const tokens = where ? tokensOf(t, where, new Map()).map((token) => token.values) : [];
  return [t(`payouts.filters.${filter as 'open'}`), ...tokens].join(' · ');
}

/** A number as a person types it, in plain digits or grouped as either language does. Null when it is none. */
export function readTyped(text: string): number | null {
  const typed = text.trim();
  return /^(\d{1,6}|\d{1,3}([.,\s]\d{3})+)$/.test(typed) ? Number(typed.replace(/\D/g, '')) : null;
}
