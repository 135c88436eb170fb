import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { findControl } from './control.store.ts';
import { CONTROLS, type Control } from './control.ts';
import type { HoldScope } from './hold.ts';

export interface ControlRow {
  name: string;
  on: boolean;
  reason: string | null;
  changedBy: string | null;
  changedAt: string | null;
  can: { change: Refusal | null };
}

/** Why this person may not change switches and holds; null when they may. */
export function changeRefusal(actor: Actor): Refusal | null {
  return may(actor, 'control:change') ? null : refusal('permission_missing', { permission: 'control:change' });
}

/** Every kill switch with who set it, why and since when, and whether this person may change it. */
export async function listControls(on: Queryable, actor: Actor): Promise<ControlRow[]> {
  const controls = await Promise.all(CONTROLS.map((name) => findControl(on, name)));
  return controls.map((control) => toControlRow(control, actor));
}

function toControlRow(control: Control, actor: Actor): ControlRow {
  return {
    ...control,
    changedAt: control.changedAt?.toISOString() ?? null,
    can: { change: changeRefusal(actor) },
  };
}

/** What a hold is on, in words: the merchant's name, else the rail's or provider's own name. */
export interface HeldThing {
  scope: HoldScope;
  /** A party's id (`pa_…`), or the name of a rail or provider. */
  value: string;
  /** The merchant's name; null for rails and providers, which every language names itself. */
  name: string | null;
}

export interface ControlState {
  payouts: ControlRow;
  holds: { count: number; first: HeldThing[] };
}

/** How many holds the banner names before it only counts. */
const NAMED_HOLDS = 3;

/** What every screen says on top: whether sending is on, and what is on hold. */
export async function controlState(on: Queryable, actor: Actor): Promise<ControlState> {
  const [payouts, { rows }] = await Promise.all([
    findControl(on, 'payouts'),
    on.query<{ scope: HoldScope; value: string; name: string | null; total: bigint }>(
      `SELECT h.scope, h.value, pa.name, count(*) OVER () AS total
       FROM hold h LEFT JOIN party pa ON h.scope = 'merchant' AND pa.id::text = h.value
       WHERE h.released_at IS NULL ORDER BY h.placed_at, h.id LIMIT ${NAMED_HOLDS}`,
    ),
  ]);
  return {
    payouts: toControlRow(payouts, actor),
    holds: { count: Number(rows[0]?.total ?? 0n), first: rows.map(toHeldThing) },
  };
}

/** A row's scope, value and name as wires carry them. */
export function toHeldThing(row: { scope: HoldScope; value: string; name: string | null }): HeldThing {
  return {
    scope: row.scope,
    value: row.scope === 'merchant' ? toId('party', row.value) : row.value,
    name: row.name,
  };
}
