import { seconds } from './clock.ts';
import type { Database } from './database.ts';
import { effectsOf } from './faults.ts';
import { type Payout, payoutObject } from './payout.ts';
import { providerId } from './provider-id.ts';

type EventType = 'payout.created' | 'payout.updated' | 'payout.paid' | 'payout.failed' | 'payout.canceled';

/** One delivery of one event that is due. */
export interface DueDelivery {
  seq: number;
  event_id: string;
  payout_id: string;
  attempts: number;
  body: string;
}

const API_VERSION = '2026-10-28.endive';

/**
 * Stores an event with the payout as it is now, and plans its deliveries as the payout's faults say. Must run inside
 * the transaction that changes the payout.
 */
export function recordEvent(
  db: Database,
  type: EventType,
  payout: Payout,
  now: number,
  options: { lateMs: number },
): void {
  const id = providerId('evt');
  const body = {
    id,
    object: 'event',
    api_version: API_VERSION,
    created: seconds(now),
    data: { object: payoutObject(payout) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: payout.idempotency_key },
    type,
  };
  db.run(
    'INSERT INTO events (id, type, payout_id, body) VALUES (?, ?, ?, ?)',
    id,
    type,
    payout.id,
    JSON.stringify(body),
  );
  const hows = effectsOf(JSON.parse(payout.faults) as string[])
    .filter((effect) => effect.kind === 'webhooks')
    .map((effect) => effect.how);
  if (hows.includes('drop')) return;
  const dueAt = now + (hows.includes('late') ? options.lateMs : 0);
  const final = type !== 'payout.created' && type !== 'payout.updated';
  const state = hows.includes('reorder') && !final ? 'held' : 'waiting';
  for (let copies = hows.includes('twice') ? 2 : 1; copies > 0; copies -= 1) {
    db.run(
      'INSERT INTO deliveries (event_id, payout_id, state, due_at) VALUES (?, ?, ?, ?)',
      id,
      payout.id,
      state,
      dueAt,
    );
  }
  if (final) releaseHeld(db, payout.id, dueAt);
}

/** Lets the held deliveries of a payout go, newest first, after the final event that is due at `dueAt`. */
function releaseHeld(db: Database, payoutId: string, dueAt: number): void {
  const held = db.all<{ seq: number }>(
    `SELECT seq FROM deliveries WHERE payout_id = ? AND state = 'held' ORDER BY seq DESC`,
    payoutId,
  );
  for (const [place, { seq }] of held.entries()) {
    db.run(`UPDATE deliveries SET state = 'waiting', due_at = ? WHERE seq = ?`, dueAt + place + 1, seq);
  }
}

/** Deliveries whose time has come, oldest first, at most 200. */
export function dueDeliveries(db: Database, now: number): DueDelivery[] {
  return db.all<DueDelivery>(
    `SELECT d.seq, d.event_id, d.payout_id, d.attempts, e.body FROM deliveries d JOIN events e ON e.id = d.event_id
     WHERE d.state = 'waiting' AND d.due_at <= ? ORDER BY d.due_at, d.seq LIMIT 200`,
    now,
  );
}

/** Keeps how a delivery went: `dueAt` plans the next try of one that waits. */
export function keepDelivery(
  db: Database,
  seq: number,
  outcome: { state: 'waiting' | 'delivered' | 'abandoned'; attempts: number; dueAt: number; answer: string },
): void {
  db.run(
    'UPDATE deliveries SET state = ?, attempts = ?, due_at = ?, last_answer = ? WHERE seq = ?',
    outcome.state,
    outcome.attempts,
    outcome.dueAt,
    outcome.answer,
    seq,
  );
}

/** When the next delivery is due, in Unix milliseconds; undefined when none waits. */
export function nextDeliveryAt(db: Database): number | undefined {
  return db.get<{ due_at: number }>(`SELECT due_at FROM deliveries WHERE state = 'waiting' ORDER BY due_at LIMIT 1`)
    ?.due_at;
}

/** Every delivery, for a person or a test to look at; of one provider payout when `payoutId` is given. */
export function listDeliveries(db: Database, payoutId: string | undefined): unknown[] {
  const sql = `SELECT d.event_id, e.type, d.payout_id AS provider_payout_id, d.state, d.attempts, d.last_answer, d.due_at
     FROM deliveries d JOIN events e ON e.id = d.event_id`;
  const rows =
    payoutId === undefined
      ? db.all<{ due_at: number }>(`${sql} ORDER BY d.seq`)
      : db.all<{ due_at: number }>(`${sql} WHERE d.payout_id = ? ORDER BY d.seq`, payoutId);
  return rows.map(({ due_at, ...row }) => ({ ...row, due_at: new Date(due_at).toISOString() }));
}
