import type { Act, SubjectKind } from '@countersign/api/src/audit/audit-event.ts';
import type { RefusalCode } from '@countersign/api/src/core/refusal.ts';
import { refusalReason } from '../lib/failure.ts';
import type { Text, TextKey } from '../lib/i18n.ts';
import { isAct } from './acts.ts';
import type { AuditRow } from './audit-wire.ts';

/** What was done, in the person's words; an act newer than this page as it is. */
export function actText(t: Text, act: string): string {
  return isAct(act) ? t(`audit.acts.${act satisfies Act}`) : act;
}

/** Why an event was refused, in a few words that others read; null for what was done. */
export function refusedReason(t: Text, { refusalCode }: Pick<AuditRow, 'refusalCode'>): string | null {
  if (refusalCode === null) return null;
  const key = `audit.refusedAs.${refusalCode}` as Extract<TextKey, `audit.refusedAs.${string}`>;
  const words = t(key);
  return words === key ? refusalReason(t, { code: refusalCode as RefusalCode }) : words;
}

/** The kind of thing an event is about. */
export function subjectKindText(t: Text, kind: string): string {
  const key = `audit.subjectKinds.${kind as SubjectKind}` as const;
  const words = t(key);
  return words === key ? kind : words;
}

/** Who acted, where it was no person. */
export function actorKindText(t: Text, kind: string): string {
  const key = `audit.actorKinds.${kind as 'person'}` as const;
  const words = t(key);
  return words === key ? kind : words;
}

/** The name of a field by its path; null where there is no word for it, and the path itself says it best. */
export function fieldText(t: Text, path: string): string | null {
  const key = `audit.fields.${path}` as TextKey;
  const words = (t as (key: TextKey) => string)(key);
  return words === key ? null : words;
}
