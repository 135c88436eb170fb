import { TypeID } from 'typeid-js';
import { v7 } from 'uuid';

/** Prefixes of ids as people and machines see them. The database holds the bare uuid (v7, so ids sort by time). */
export const ID_PREFIX = {
  payout: 'po',
  attempt: 'at',
  party: 'pa',
  journal_entry: 'je',
  override: 'ov',
  approval: 'ap',
  break: 'br',
  run: 'rr',
  file: 'sf',
  person: 'us',
  api_key: 'ak',
  audit_event: 'ae',
  provider_event: 'pe',
  note: 'no',
  hold: 'ho',
  bulk_run: 'bu',
  view: 'vi',
  notification: 'nt',
  webhook_endpoint: 'we',
  webhook_message: 'wm',
  webhook_delivery: 'wd',
} as const;

export type IdKind = keyof typeof ID_PREFIX;

/** A new uuid, version 7. */
export function newUuid(): string {
  return v7();
}

/** The id as it is shown and put on any wire: `po_01hq8kz3m4e7x2m…`. */
export function toId(kind: IdKind, uuid: string): string {
  return TypeID.fromUUID(ID_PREFIX[kind], uuid).toString();
}

/** The uuid inside an id of that kind, or null when the text is not one. */
export function parseId(kind: IdKind, id: string): string | null {
  try {
    return TypeID.fromString(id, ID_PREFIX[kind]).toUUID();
  } catch {
    return null;
  }
}

/** Which kind of thing an id names, by its prefix; null when it is none of ours. */
export function kindOfId(id: string): IdKind | null {
  const prefix = id.slice(0, id.indexOf('_'));
  const kind = (Object.keys(ID_PREFIX) as IdKind[]).find((k) => ID_PREFIX[k] === prefix);
  return kind && parseId(kind, id) !== null ? kind : null;
}
