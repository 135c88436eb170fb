import type { Actor } from '../core/actor.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { parseId, toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { anotherUnderway, findMessage } from './delivery.store.ts';
import { type Delivery, type DeliveryStatus, decideReplay, type GivenUpWhy, type TryError } from './delivery.ts';
import { findEndpoint } from './endpoint.store.ts';

export const DELIVERY_FILTERS = ['all', 'failing', 'given_up', 'delivered'] as const;
export type DeliveryFilter = (typeof DELIVERY_FILTERS)[number];

export interface DeliveryRow {
  id: string;
  messageId: string;
  type: string;
  payoutId: string | null;
  status: DeliveryStatus;
  givenUpWhy: GivenUpWhy | null;
  tries: number;
  statusCode: number | null;
  error: TryError | null;
  nextTryAt: string | null;
  deliveredAt: string | null;
  createdAt: string;
  replay: boolean;
}

/** What has not arrived has an index of its own (webhook_delivery_undelivered), which `<>` lets the database choose. */
const FILTER_SQL: Record<DeliveryFilter, string> = {
  all: 'true',
  failing: `d.status = 'pending' AND d.tries > 0 AND d.status <> 'delivered'`,
  given_up: `d.status = 'given_up' AND d.status <> 'delivered'`,
  delivered: `d.status = 'delivered'`,
};

export interface DeliveryListInput {
  endpointId: string;
  filter: DeliveryFilter;
  cursor?: string | undefined;
  limit: number;
}

/** A page of an endpoint's deliveries, newest first, by keyset: its cost does not grow with its depth. */
export async function listDeliveries(
  on: Queryable,
  input: DeliveryListInput,
): Promise<{ rows: DeliveryRow[]; nextCursor: string | null }> {
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  const { rows } = await on.query<DeliverySqlRow>(
    `${DELIVERIES} WHERE d.endpoint_id = $1 AND ${FILTER_SQL[input.filter]}
       AND ($2::timestamptz IS NULL OR (d.created_at, d.id) < ($2, $3::uuid))
     ORDER BY d.created_at DESC, d.id DESC LIMIT $4`,
    [input.endpointId, after?.at ?? null, after?.id ?? null, input.limit + 1],
  );
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    rows: page.map(deliveryRow),
    nextCursor:
      rows.length > input.limit && last ? `${last.createdAt.getTime()}.${toId('webhook_delivery', last.id)}` : null,
  };
}

interface DeliverySqlRow extends Delivery {
  type: string;
  payoutId: string | null;
  statusCode: number | null;
  error: TryError | null;
}

const DELIVERIES = `
  SELECT d.id, d.endpoint_id AS "endpointId", d.message_id AS "messageId", d.replay_of AS "replayOf", d.status, d.tries,
    d.next_try_at AS "nextTryAt", d.delivered_at AS "deliveredAt", d.given_up_why AS "givenUpWhy",
    d.created_at AS "createdAt", m.type, m.payout_id AS "payoutId", t.status_code AS "statusCode", t.error
  FROM webhook_delivery d
  JOIN webhook_message m ON m.id = d.message_id
  LEFT JOIN webhook_try t ON t.delivery_id = d.id AND t.no = d.tries`;

/** A place in the list; null for a text that is none of ours, which begins at the top. */
function readCursor(cursor: string): { at: Date; id: string } | null {
  const [at = '', id = ''] = cursor.split('.', 2);
  const uuid = parseId('webhook_delivery', id);
  return uuid && /^\d{1,15}$/.test(at) ? { at: new Date(Number(at)), id: uuid } : null;
}

function deliveryRow(row: DeliverySqlRow): DeliveryRow {
  return {
    id: toId('webhook_delivery', row.id),
    messageId: toId('webhook_message', row.messageId),
    type: row.type,
    payoutId: row.payoutId && toId('payout', row.payoutId),
    status: row.status,
    givenUpWhy: row.givenUpWhy,
    tries: row.tries,
    statusCode: row.statusCode,
    error: row.error,
    nextTryAt: row.nextTryAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    replay: row.replayOf !== null,
  };
}

export interface TryDto {
  no: number;
  at: string;
  tookMs: number;
  url: string;
  headers: Record<string, string>;
  statusCode: number | null;
  error: TryError | null;
  response: string | null;
}

export interface DeliveryDetail {
  row: DeliveryRow;
  endpointId: string;
  /** The body, byte for byte as every try sends it. */
  body: string;
  tries: TryDto[];
  /** Other deliveries of the same message to the same endpoint, newest first. */
  others: { id: string; status: DeliveryStatus; createdAt: string }[];
  can: { replay: Refusal | null };
}

/** A delivery with its message, its tries (the last first) and its siblings; null when there is none. */
export async function deliveryDetail(on: Queryable, actor: Actor, id: string): Promise<DeliveryDetail | null> {
  const { rows } = await on.query<DeliverySqlRow>(`${DELIVERIES} WHERE d.id = $1`, [id]);
  const row = rows[0];
  const endpoint = row && (await findEndpoint(on, row.endpointId));
  if (!row || !endpoint) return null;
  const [message, tries, others, underway] = await Promise.all([
    findMessage(on, row.messageId),
    on.query<Omit<TryDto, 'at'> & { at: Date }>(
      `SELECT no, at, took_ms AS "tookMs", url, request_headers AS headers, status_code AS "statusCode", error, response
       FROM webhook_try WHERE delivery_id = $1 ORDER BY no DESC`,
      [id],
    ),
    on.query<{ id: string; status: DeliveryStatus; createdAt: Date }>(
      `SELECT id, status, created_at AS "createdAt" FROM webhook_delivery
       WHERE message_id = $1 AND endpoint_id = $2 AND id <> $3 ORDER BY created_at DESC, id DESC LIMIT 20`,
      [row.messageId, row.endpointId, id],
    ),
    anotherUnderway(on, row),
  ]);
  const decision = decideReplay(row, { endpoint, underway });
  const lacking = may(actor, 'webhook:replay') ? null : refusal('permission_missing', { permission: 'webhook:replay' });
  return {
    row: deliveryRow(row),
    endpointId: toId('webhook_endpoint', row.endpointId),
    body: canonicalJson(message.payload),
    tries: tries.rows.map((one) => ({ ...one, at: one.at.toISOString() })),
    others: others.rows.map((one) => ({
      id: toId('webhook_delivery', one.id),
      status: one.status,
      createdAt: one.createdAt.toISOString(),
    })),
    can: { replay: lacking ?? (decision.do === 'refuse' ? decision.refusal : null) },
  };
}
