import type { Actor } from '../core/actor.ts';
import { parseId, toId } from '../core/ids.ts';
import { type Refusal, Refused } from '../core/refusal.ts';
import { countOnTheWire, type WaitingScope, waitingByHold, waitingSums } from '../payouts/waiting-sends.store.ts';
import type { Queryable } from '../runtime/db.ts';
import { changeRefusal, type HeldThing, toHeldThing } from './controls.queries.ts';
import { findHold } from './hold.store.ts';
import { decideRelease, type Hold } from './hold.ts';

/** Payouts that wait, with their sums per currency (never added up across currencies). */
export interface Waiting {
  count: number;
  sums: { currency: string; count: number; amountMinor: string }[];
}

export interface HoldRow extends HeldThing {
  id: string;
  reason: string;
  placedBy: string;
  placedAt: string;
  released: { by: string; at: string; reason: string } | null;
  /** What waits under it now; null once it is released. */
  waiting: Waiting | null;
  can: { release: Refusal | null };
}

const PAGE = 50;

/** A page of holds, newest first, by keyset: the open ones, or all there ever were. */
export async function listHolds(
  on: Queryable,
  actor: Actor,
  input: { which: 'open' | 'all'; cursor?: string | undefined },
): Promise<{ rows: HoldRow[]; nextCursor: string | null }> {
  const after = input.cursor ? parseId('hold', input.cursor) : null;
  const [{ rows }, waiting] = await Promise.all([
    on.query<Hold & { name: string | null }>(
      `SELECT h.id, h.scope, h.value, h.reason, h.placed_by AS "placedBy", h.placed_at AS "placedAt",
         h.released_by AS "releasedBy", h.released_at AS "releasedAt", h.release_reason AS "releaseReason", pa.name
       FROM hold h LEFT JOIN party pa ON h.scope = 'merchant' AND pa.id::text = h.value
       WHERE ($1 OR h.released_at IS NULL)
         AND ($2::uuid IS NULL OR (h.placed_at, h.id) < (SELECT c.placed_at, c.id FROM hold c WHERE c.id = $2))
       ORDER BY h.placed_at DESC, h.id DESC LIMIT ${PAGE + 1}`,
      [input.which === 'all', after],
    ),
    waitingByHold(on),
  ]);
  const page = rows.slice(0, PAGE);
  const last = page.at(-1);
  return {
    rows: page.map((hold) => ({
      id: toId('hold', hold.id),
      ...toHeldThing(hold),
      reason: hold.reason,
      placedBy: hold.placedBy,
      placedAt: hold.placedAt.toISOString(),
      released:
        hold.releasedAt && hold.releasedBy !== null && hold.releaseReason !== null
          ? { by: hold.releasedBy, at: hold.releasedAt.toISOString(), reason: hold.releaseReason }
          : null,
      waiting: hold.releasedAt ? null : toWaiting(waiting.filter(({ holdId }) => holdId === hold.id)),
      can: { release: changeRefusal(actor) ?? decideRelease(hold) },
    })),
    nextCursor: rows.length > PAGE && last ? toId('hold', last.id) : null,
  };
}

function toWaiting(sums: readonly { currency: string; count: bigint; minor: bigint }[]): Waiting {
  return {
    count: sums.reduce((count, sum) => count + Number(sum.count), 0),
    sums: sums.map(({ currency, count, minor }) => ({
      currency,
      count: Number(count),
      amountMinor: minor.toString(),
    })),
  };
}

/** What a stop, or its end, would do now: shown before the act, and decided by nothing else than the act's own rules. */
export interface StopPreview {
  /** What waits, or will wait, in the scope. */
  waiting: Waiting;
  /** Those of them that nothing else stops: what a release sends. */
  goes: Waiting;
  /** How many are on the wire: these finish. */
  onTheWire: number;
  /** Whether sending is on at all: while it is off, a release sends nothing. */
  payoutsOn: boolean;
}

/** Before a stop of everything, of a merchant, rail or provider, or before the release of a hold. */
export async function previewStop(
  on: Queryable,
  input: { of: 'all' } | { of: 'hold'; holdId: string } | { of: 'scope'; scope: NonNullable<WaitingScope> },
  now: Date,
): Promise<StopPreview> {
  const hold = input.of === 'hold' ? await findHold(on, input.holdId) : null;
  if (input.of === 'hold' && !hold) throw new Refused('not_found', { what: 'hold' });
  const scope = input.of === 'scope' ? input.scope : hold;
  const [sums, onTheWire, { rows }] = await Promise.all([
    waitingSums(on, scope, hold?.id ?? null),
    countOnTheWire(on, scope, now),
    on.query<{ on: boolean }>(`SELECT "on" FROM control_switch WHERE name = 'payouts'`),
  ]);
  return {
    waiting: toWaiting(sums),
    goes: toWaiting(
      sums
        .map(({ currency, count, minor, stoppedCount, stoppedMinor }) => ({
          currency,
          count: count - stoppedCount,
          minor: minor - stoppedMinor,
        }))
        .filter(({ count }) => count > 0n),
    ),
    onTheWire,
    payoutsOn: rows[0]?.on === true,
  };
}

export interface PartyChoice {
  id: string;
  name: string;
  reference: string;
  country: string;
  /** Whether a hold on it is open. */
  held: boolean;
}

/** The merchants whose name or reference holds the text, or whose id it is; at most twenty, by name. */
export async function findMerchants(on: Queryable, text: string): Promise<PartyChoice[]> {
  const { rows } = await on.query<Omit<PartyChoice, 'id'> & { id: string }>(
    `SELECT pa.id, pa.name, pa.reference, pa.country, EXISTS (SELECT 1 FROM hold h WHERE h.released_at IS NULL
       AND h.scope = 'merchant' AND h.value = pa.id::text) AS held
     FROM party pa WHERE pa.id = $1 OR pa.name ILIKE $2 OR pa.reference ILIKE $2
     ORDER BY pa.kind = 'merchant' DESC, pa.name, pa.id LIMIT 20`,
    [parseId('party', text), `%${text.replace(/[\\%_]/g, '\\$&')}%`],
  );
  return rows.map((row) => ({ ...row, id: toId('party', row.id) }));
}

export interface ControlChange {
  /** The number of its event in the audit log. */
  id: string;
  at: string;
  act: 'control.changed' | 'hold.placed' | 'hold.released';
  by: string;
  reason: string | null;
  /** What a switch was set to; null for holds. */
  on: boolean | null;
  /** What the hold is on; null for switches. */
  held: HeldThing | null;
}

/** Who stopped and started what, why and when, newest first: read from the audit log, where it cannot be edited. */
export async function controlHistory(
  on: Queryable,
  input: { cursor?: string | undefined },
): Promise<{ rows: ControlChange[]; nextCursor: string | null }> {
  const cursor = input.cursor && /^\d{1,19}$/.test(input.cursor) ? input.cursor : null;
  const { rows } = await on.query<{
    seq: bigint;
    at: Date;
    act: ControlChange['act'];
    actor_label: string;
    reason: string | null;
    after: { on?: boolean } | null;
    scope: HeldThing['scope'] | null;
    value: string | null;
    name: string | null;
  }>(
    `SELECT e.seq, e.at, e.act, e.actor_label, e.reason, e.after, h.scope, h.value, pa.name
     FROM audit_event e
     LEFT JOIN hold h ON e.subject_kind = 'hold' AND h.id::text = e.subject_id
     LEFT JOIN party pa ON h.scope = 'merchant' AND pa.id::text = h.value
     WHERE e.act IN ('control.changed', 'hold.placed', 'hold.released') AND e.outcome = 'done'
       AND ($1::bigint IS NULL OR e.seq < $1)
     ORDER BY e.seq DESC LIMIT ${PAGE + 1}`,
    [cursor],
  );
  const page = rows.slice(0, PAGE);
  return {
    rows: page.map((row) => ({
      id: row.seq.toString(),
      at: row.at.toISOString(),
      act: row.act,
      by: row.actor_label,
      reason: row.reason,
      on: row.act === 'control.changed' ? row.after?.on === true : null,
      held:
        row.scope && row.value !== null ? toHeldThing({ scope: row.scope, value: row.value, name: row.name }) : null,
    })),
    nextCursor: rows.length > PAGE ? (page.at(-1)?.seq.toString() ?? null) : null,
  };
}
