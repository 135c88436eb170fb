import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { DAY_MS } from '../core/time.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import type { DeliveryStatus, TryError } from './delivery.ts';
import { type Endpoint, type EndpointStatus, GONE } from './endpoint.ts';

/** What a person may do with an endpoint now; a refusal is the button's disabled reason. */
export interface EndpointCan {
  change: Refusal | null;
  enable: Refusal | null;
  disable: Refusal | null;
  rotate: Refusal | null;
  test: Refusal | null;
  replay: Refusal | null;
}

export interface EndpointRow {
  id: string;
  url: string;
  description: string;
  types: string[];
  status: EndpointStatus;
  /** Why it is disabled, as a person wrote it; null when the receiver said so itself (`gone`). */
  statusReason: string | null;
  gone: boolean;
  failingSince: string | null;
  /** The newest delivery with its last try. */
  last: { status: DeliveryStatus; at: string; statusCode: number | null; error: TryError | null } | null;
  /** Of the deliveries of the last 24 hours that were tried. */
  day: { tried: number; delivered: number };
  /** What has not arrived, of all times: after a failed try and waiting for the next, and given up. */
  failing: number;
  givenUp: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  /** Until when the secret before the last rotation still signs; null when it does not. */
  previousSecretUntil: string | null;
  version: number;
  can: EndpointCan;
}

interface EndpointSqlRow extends Endpoint {
  lastStatus: DeliveryStatus | null;
  lastAt: Date | null;
  lastCode: number | null;
  lastError: TryError | null;
  tried: bigint;
  delivered: bigint;
  failing: bigint;
  givenUp: bigint;
}

const ENDPOINTS = `
  SELECT e.id, e.url, e.description, e.types, e.status, e.status_reason AS "statusReason",
    e.failing_since AS "failingSince", e.created_by AS "createdBy", e.created_at AS "createdAt", e.updated_at AS "updatedAt",
    e.previous_secret_until AS "previousSecretUntil", e.version,
    last.status AS "lastStatus", last.at AS "lastAt", last.status_code AS "lastCode", last.error AS "lastError",
    day.tried, day.delivered, rest.failing, rest.given_up AS "givenUp"
  FROM webhook_endpoint e
  LEFT JOIN LATERAL (
    SELECT d.status, coalesce(t.at, d.created_at) AS at, t.status_code, t.error FROM webhook_delivery d
    LEFT JOIN webhook_try t ON t.delivery_id = d.id AND t.no = d.tries
    WHERE d.endpoint_id = e.id ORDER BY d.created_at DESC, d.id DESC LIMIT 1
  ) last ON true
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.tries > 0) AS tried, count(*) FILTER (WHERE d.status = 'delivered') AS delivered
    FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.created_at > $1
  ) day
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.status = 'pending' AND d.tries > 0) AS failing,
      count(*) FILTER (WHERE d.status = 'given_up') AS given_up
    FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.status <> 'delivered'
  ) rest`;

/** Every endpoint, the newest first. */
export async function listEndpoints(on: Queryable, actor: Actor, now: Date): Promise<EndpointRow[]> {
  const { rows } = await on.query<EndpointSqlRow>(`${ENDPOINTS} ORDER BY e.created_at DESC, e.id DESC`, [
    dayBefore(now),
  ]);
  return rows.map((row) => endpointRow(row, actor, now));
}

/** One endpoint by its uuid; null when there is none. */
export async function endpointDetail(on: Queryable, actor: Actor, id: string, now: Date): Promise<EndpointRow | null> {
  const { rows } = await on.query<EndpointSqlRow>(`${ENDPOINTS} WHERE e.id = $2`, [dayBefore(now), id]);
  return rows[0] ? endpointRow(rows[0], actor, now) : null;
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - DAY_MS);
}

function endpointRow(row: EndpointSqlRow, actor: Actor, now: Date): EndpointRow {
  const gone = row.status === 'disabled' && row.statusReason === GONE;
  const { previousSecretUntil } = row;
  return {
    id: toId('webhook_endpoint', row.id),
    url: row.url,
    description: row.description,
    types: [...row.types],
    status: row.status,
    statusReason: gone ? null : row.statusReason,
    gone,
    failingSince: row.failingSince?.toISOString() ?? null,
    last:
      row.lastStatus && row.lastAt
        ? { status: row.lastStatus, at: row.lastAt.toISOString(), statusCode: row.lastCode, error: row.lastError }
        : null,
    day: { tried: Number(row.tried), delivered: Number(row.delivered) },
    failing: Number(row.failing),
    givenUp: Number(row.givenUp),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    previousSecretUntil: previousSecretUntil && now < previousSecretUntil ? previousSecretUntil.toISOString() : null,
    version: row.version,
    can: endpointCan(row, actor),
  };
}

const lacking = (actor: Actor, permission: Permission): Refusal | null =>
  may(actor, permission) ? null : refusal('permission_missing', { permission });

function endpointCan(row: EndpointSqlRow, actor: Actor): EndpointCan {
  const manage = lacking(actor, 'webhook:manage');
  const replay = lacking(actor, 'webhook:replay');
  const whileOff = row.status === 'disabled' ? refusal('endpoint_disabled') : null;
  return {
    change: manage,
    enable: manage ?? (whileOff ? null : refusal('status_forbids', { status: 'enabled' })),
    disable: manage ?? whileOff,
    rotate: manage,
    test: replay ?? whileOff,
    replay: replay ?? whileOff ?? (row.failing + row.givenUp > 0n ? null : refusal('nothing_undelivered')),
  };
}
