import type { Queryable, Tx } from '../runtime/db.ts';
import type { Control, ControlName } from './control.ts';

const COLUMNS = 'name, "on", reason, changed_by AS "changedBy", changed_at AS "changedAt"';

/** The switch under a row lock; off when it has no row. */
export async function lockControl(tx: Tx, name: ControlName): Promise<Control> {
  const { rows } = await tx.query<Control>(`SELECT ${COLUMNS} FROM control_switch WHERE name = $1 FOR UPDATE`, [name]);
  return rows[0] ?? never(name);
}

export async function saveControl(
  tx: Tx,
  control: { name: ControlName; on: boolean; reason: string; changedBy: string; changedAt: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO control_switch (name, "on", reason, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (name) DO UPDATE SET "on" = excluded.on, reason = excluded.reason, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at`,
    [control.name, control.on, control.reason, control.changedBy, control.changedAt],
  );
}

export async function findControl(on: Queryable, name: ControlName): Promise<Control> {
  const { rows } = await on.query<Control>(`SELECT ${COLUMNS} FROM control_switch WHERE name = $1`, [name]);
  return rows[0] ?? never(name);
}

function never(name: ControlName): Control {
  return { name, on: false, reason: null, changedBy: null, changedAt: null };
}
