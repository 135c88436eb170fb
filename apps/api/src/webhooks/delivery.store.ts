import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { enqueueDeliveries } from '../jobs/webhook-jobs.ts';
import type { Queryable, Tx } from '../runtime/db.ts';
import type { Delivery, GivenUpWhy, Message, NextStep, TryOutcome } from './delivery.ts';

const COLUMNS = `id, endpoint_id AS "endpointId", message_id AS "messageId", replay_of AS "replayOf", status, tries,
  next_try_at AS "nextTryAt", delivered_at AS "deliveredAt", given_up_why AS "givenUpWhy", created_at AS "createdAt"`;

/** The delivery under a row lock; lock its endpoint before. Throws Refused `not_found`. */
export async function lockDelivery(tx: Tx, id: string): Promise<Delivery> {
  const { rows } = await tx.query<Delivery>(`SELECT ${COLUMNS} FROM webhook_delivery WHERE id = $1 FOR UPDATE`, [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'webhook_delivery' });
  return rows[0];
}

/** Without a lock; null when there is none. */
export async function findDelivery(on: Queryable, id: string): Promise<Delivery | null> {
  const { rows } = await on.query<Delivery>(`SELECT ${COLUMNS} FROM webhook_delivery WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

export async function findMessage(on: Queryable, id: string): Promise<Message> {
  const { rows } = await on.query<Message>(
    `SELECT id, type, payout_id AS "payoutId", payload, created_at AS "createdAt" FROM webhook_message WHERE id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error(`webhook message ${id} vanished`);
  return rows[0];
}

/** A new message, and a delivery of it to each of the endpoints with its job: due at once. */
export async function insertMessage(tx: Tx, message: Message, endpointIds: readonly string[]): Promise<void> {
  await tx.query('INSERT INTO webhook_message (id, type, payout_id, payload, created_at) VALUES ($1, $2, $3, $4, $5)', [
    message.id,
    message.type,
    message.payoutId,
    JSON.stringify(message.payload),
    message.createdAt,
  ]);
  const to = endpointIds.map((endpointId) => ({
    endpointId,
    messageId: message.id,
    lane: laneOf(message),
    replayOf: null,
  }));
  await insertDeliveries(tx, to, message.createdAt);
}

export interface NewDelivery {
  endpointId: string;
  messageId: string;
  lane: string;
  replayOf: string | null;
}

/** Deliveries with their jobs, due at once, in two statements however many they are. Returns their uuids, in order. */
export async function insertDeliveries(tx: Tx, made: readonly NewDelivery[], now: Date): Promise<string[]> {
  if (made.length === 0) return [];
  const ids = made.map(() => newUuid());
  await tx.query(
    `INSERT INTO webhook_delivery (id, endpoint_id, message_id, replay_of, status, next_try_at, created_at)
     SELECT d.id, d.endpoint_id, d.message_id, d.replay_of, 'pending', $5, $5
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS d (id, endpoint_id, message_id, replay_of)`,
    [ids, made.map((d) => d.endpointId), made.map((d) => d.messageId), made.map((d) => d.replayOf), now],
  );
  const jobs = made.map((d, i) => ({ deliveryId: ids[i] ?? '', endpointId: d.endpointId, lane: d.lane }));
  await enqueueDeliveries(tx, jobs);
  return ids;
}

/** Messages of one payout share a lane: what moved first is usually told first. */
export function laneOf(message: Pick<Message, 'id' | 'payoutId'>): string {
  return message.payoutId ?? message.id;
}

export interface MadeTry {
  at: Date;
  tookMs: number;
  url: string;
  headers: Record<string, string>;
  outcome: TryOutcome;
}

/** Appends a try of a locked delivery and what comes of it. Returns the delivery as it now is. */
export async function saveTry(tx: Tx, delivery: Delivery, made: MadeTry, next: NextStep, now: Date): Promise<Delivery> {
  const { outcome } = made;
  const tries = delivery.tries + 1;
  await tx.query(
    `INSERT INTO webhook_try (delivery_id, no, at, took_ms, url, request_headers, status_code, error, response)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      delivery.id,
      tries,
      made.at,
      made.tookMs,
      made.url,
      JSON.stringify(made.headers),
      outcome.kind === 'answered' ? outcome.status : null,
      outcome.kind === 'failed' ? outcome.error : null,
      outcome.kind === 'answered' ? outcome.response : null,
    ],
  );
  const after: Delivery = { ...delivery, tries, ...standing(delivery, next, now) };
  await tx.query(
    `UPDATE webhook_delivery SET status = $2, tries = $3, next_try_at = $4, delivered_at = $5, given_up_why = $6 WHERE id = $1`,
    [after.id, after.status, after.tries, after.nextTryAt, after.deliveredAt, after.givenUpWhy],
  );
  return after;
}

type Standing = Pick<Delivery, 'status' | 'nextTryAt' | 'deliveredAt' | 'givenUpWhy'>;

function standing(delivery: Delivery, next: NextStep, now: Date): Standing | Record<string, never> {
  // A try that comes in late changes what had ended in one case only: it arrived after all.
  if (next.status === 'delivered' && delivery.status !== 'delivered') {
    return { status: 'delivered', nextTryAt: null, deliveredAt: now, givenUpWhy: null };
  }
  if (delivery.status !== 'pending') return {};
  if (next.status === 'pending') return { ...open, nextTryAt: next.nextTryAt };
  return {
    status: 'given_up',
    nextTryAt: null,
    deliveredAt: null,
    givenUpWhy: next.status === 'given_up' ? next.why : null,
  };
}

const open = { status: 'pending', deliveredAt: null, givenUpWhy: null } as const;

/** Gives up everything that waits for an endpoint. Returns how many. */
export async function giveUpPending(tx: Tx, endpointId: string, why: GivenUpWhy): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE webhook_delivery SET status = 'given_up', next_try_at = NULL, given_up_why = $2
     WHERE endpoint_id = $1 AND status = 'pending'`,
    [endpointId, why],
  );
  return rowCount;
}

/** Whether another delivery of the same message to the same endpoint waits. */
export async function anotherUnderway(on: Queryable, delivery: Delivery): Promise<boolean> {
  const { rowCount } = await on.query(
    `SELECT 1 FROM webhook_delivery WHERE message_id = $1 AND endpoint_id = $2 AND id <> $3 AND status = 'pending' LIMIT 1`,
    [delivery.messageId, delivery.endpointId, delivery.id],
  );
  return rowCount > 0;
}

export interface Undelivered {
  id: string;
  messageId: string;
  payoutId: string | null;
  status: 'pending' | 'given_up';
}

/**
 * What has not arrived at an endpoint since then, each message once, oldest first, at most `limit`: given up, or failed and
 * waiting. What arrived by another delivery, or is on its way by one, is not among them.
 */
export async function undeliveredSince(
  on: Queryable,
  endpointId: string,
  since: Date,
  limit: number,
): Promise<Undelivered[]> {
  const { rows } = await on.query<Undelivered>(
    `SELECT u.id, u.message_id AS "messageId", m.payout_id AS "payoutId", u.status FROM (
       SELECT DISTINCT ON (d.message_id) d.id, d.message_id, d.status, d.created_at FROM webhook_delivery d
       WHERE d.endpoint_id = $1 AND d.status <> 'delivered' AND (d.status = 'given_up' OR d.tries > 0) AND d.created_at >= $2
         AND NOT EXISTS (SELECT 1 FROM webhook_delivery o WHERE o.message_id = d.message_id
           AND o.endpoint_id = d.endpoint_id AND o.id <> d.id AND o.status IN ('pending', 'delivered'))
       ORDER BY d.message_id, d.created_at DESC, d.id DESC
     ) u JOIN webhook_message m ON m.id = u.message_id
     ORDER BY u.created_at, u.id LIMIT $3`,
    [endpointId, since, limit],
  );
  return rows;
}

/** Brings the next try of deliveries that wait forward to now, with their jobs. */
export async function tryNow(
  tx: Tx,
  waiting: readonly { id: string; endpointId: string; lane: string }[],
  now: Date,
): Promise<void> {
  if (waiting.length === 0) return;
  await tx.query(`UPDATE webhook_delivery SET next_try_at = $2 WHERE id = ANY ($1::uuid[]) AND status = 'pending'`, [
    waiting.map((one) => one.id),
    now,
  ]);
  await enqueueDeliveries(
    tx,
    waiting.map(({ id, endpointId, lane }) => ({ deliveryId: id, endpointId, lane })),
  );
}
