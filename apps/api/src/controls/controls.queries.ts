import type { Actor } from '../core/actor.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { findControl } from './control.store.ts';
import { CONTROLS } from './control.ts';

export interface ControlRow {
  name: string;
  on: boolean;
  reason: string | null;
  changedBy: string | null;
  changedAt: string | null;
  can: { change: Refusal | null };
}

/** Every kill switch with who set it, why and since when, and whether this person may change it. */
export async function listControls(on: Queryable, actor: Actor): Promise<ControlRow[]> {
  const change = may(actor, 'control:change') ? null : refusal('permission_missing', { permission: 'control:change' });
  const controls = await Promise.all(CONTROLS.map((name) => findControl(on, name)));
  return controls.map((control) => ({
    ...control,
    changedAt: control.changedAt?.toISOString() ?? null,
    can: { change },
  }));
}
