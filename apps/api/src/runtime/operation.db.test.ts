import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { callBy, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { defineOperation, execute } from './operation.ts';

/** A verb small enough to see the keystone alone: it counts into a control switch's reason. */
const gates = new Map<string, { entered: () => void; release: Promise<void> }>();
const flip = defineOperation({
  name: 'test.flip',
  permission: 'control:change',
  act: 'control.changed',
  input: z.object({ name: z.string(), step: z.enum(['done', 'refuse', 'crash', 'die', 'wait']) }),
  subject: (input) => ({ kind: 'control', id: input.name }),
  async run({ tx, actor }, input) {
    await tx.query(
      `INSERT INTO control_switch (name, "on", reason, changed_by) VALUES ($1, true, '1', $2)
       ON CONFLICT (name) DO UPDATE SET reason = (control_switch.reason::int + 1)::text`,
      [input.name, actor.label],
    );
    if (input.step === 'refuse') throw new Refused('payouts_paused');
    if (input.step === 'crash') throw new Error('a bug');
    if (input.step === 'die') await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    const gate = gates.get(input.name);
    if (input.step === 'wait' && gate) {
      gate.entered();
      await gate.release;
    }
    const { rows } = await tx.query<{ reason: string }>('SELECT reason FROM control_switch WHERE name = $1', [
      input.name,
    ]);
    const times = rows[0]?.reason ?? '0';
    return { result: { times }, audit: { subject: { kind: 'control', id: input.name }, after: { times } } };
  },
});

describe('the keystone', () => {
  let database: TestDatabase;
  let admin: Awaited<ReturnType<typeof person>>;
  beforeAll(async () => {
    database = await testDatabase();
    admin = await person(database, 'admin');
  });
  afterAll(() => database.close());

  const times = async (name: string) => {
    const { rows } = await database.db.query<{ reason: string }>('SELECT reason FROM control_switch WHERE name = $1', [
      name,
    ]);
    return rows[0]?.reason ?? null;
  };
  const refusalOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof Refused ? error.refusal.code : error),
    );

  test('done: the rows, the audit event and the key are one commit', async () => {
    const call = callBy(admin);
    expect(await execute(database.db, flip, call, { name: 'a', step: 'done' })).toEqual({
      result: { times: '1' },
      replayed: false,
    });
    expect(await auditRows(database, 'a')).toMatchObject([
      { act: 'control.changed', outcome: 'done', actor_id: admin.id },
    ]);
    const keys = await database.db.query('SELECT 1 FROM idempotency_key WHERE key = $1', [call.idempotencyKey]);
    expect(keys.rowCount).toBe(1);
  });

  test('replayed: the stored answer, and nothing happens again', async () => {
    const call = callBy(admin);
    await execute(database.db, flip, call, { name: 'b', step: 'done' });
    expect(await execute(database.db, flip, call, { name: 'b', step: 'done' })).toEqual({
      result: { times: '1' },
      replayed: true,
    });
    expect(await times('b')).toBe('1');
    expect(await auditRows(database, 'b')).toHaveLength(1);
  });

  test('key reused with other input: refused, with an audit row', async () => {
    const call = callBy(admin);
    await execute(database.db, flip, call, { name: 'c', step: 'done' });
    expect(await refusalOf(execute(database.db, flip, call, { name: 'c2', step: 'done' }))).toBe(
      'idempotency_key_reused',
    );
    expect(await times('c2')).toBeNull();
    expect(await auditRows(database, 'c2')).toMatchObject([
      { outcome: 'refused', refusal_code: 'idempotency_key_reused' },
    ]);
  });

  test('the same key of another actor is another key', async () => {
    const other = await person(database, 'admin');
    const call = callBy(admin);
    await execute(database.db, flip, call, { name: 'd', step: 'done' });
    await execute(database.db, flip, { ...call, actor: other }, { name: 'd', step: 'done' });
    expect(await times('d')).toBe('2');
  });

  test('raced: while the first holds the key, the second is told "in flight"; afterwards it is replayed', async () => {
    const call = callBy(admin);
    let release: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => {
      gates.set('e', {
        entered: resolve,
        release: new Promise((r) => {
          release = r;
        }),
      });
    });
    const first = execute(database.db, flip, call, { name: 'e', step: 'wait' });
    await entered;
    expect(await refusalOf(execute(database.db, flip, call, { name: 'e', step: 'wait' }))).toBe(
      'idempotency_key_in_flight',
    );
    release();
    expect((await first).replayed).toBe(false);
    expect((await execute(database.db, flip, call, { name: 'e', step: 'wait' })).replayed).toBe(true);
    expect(await times('e')).toBe('1');
  });

  test('refused: nothing stays but the refused audit row, and the key is free again', async () => {
    const call = callBy(admin);
    expect(await refusalOf(execute(database.db, flip, call, { name: 'f', step: 'refuse' }))).toBe('payouts_paused');
    expect(await times('f')).toBeNull();
    expect(await auditRows(database, 'f')).toMatchObject([{ outcome: 'refused', refusal_code: 'payouts_paused' }]);
    expect((await execute(database.db, flip, call, { name: 'f', step: 'done' })).replayed).toBe(false);
  });

  test('forbidden: refused before anything runs, with an audit row', async () => {
    const viewer = await person(database, 'viewer');
    expect(await refusalOf(execute(database.db, flip, callBy(viewer), { name: 'g', step: 'done' }))).toBe(
      'permission_missing',
    );
    expect(await times('g')).toBeNull();
    expect(await auditRows(database, 'g')).toMatchObject([{ outcome: 'refused', actor_id: viewer.id }]);
  });

  test('malformed input: refused with the field named', async () => {
    const error = await execute(database.db, flip, callBy(admin), { name: 'h', step: 'nonsense' }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).refusal).toMatchObject({ code: 'malformed', params: { field: 'step' } });
  });

  test('forbidden comes before malformed: who may not, learns nothing of the form', async () => {
    const viewer = await person(database, 'viewer');
    expect(await refusalOf(execute(database.db, flip, callBy(viewer), { name: 'i', step: 'nonsense' }))).toBe(
      'permission_missing',
    );
  });

  test.each(['a\u0000b', 'a\ud800'])(
    'text that the database cannot hold is malformed, not a fault: %j',
    async (name) => {
      expect(await refusalOf(execute(database.db, flip, callBy(admin), { name, step: 'done' }))).toBe('malformed');
      expect(await refusalOf(execute(database.db, flip, callBy(admin), { name: 'j', step: name }))).toBe('malformed');
    },
  );

  test.each(['crash', 'die'] as const)('%s between steps: no rows, no audit event, no key', async (step) => {
    const call = callBy(admin);
    await expect(execute(database.db, flip, call, { name: step, step })).rejects.not.toBeInstanceOf(Refused);
    expect(await times(step)).toBeNull();
    expect(await auditRows(database, step)).toHaveLength(0);
    expect((await execute(database.db, flip, call, { name: step, step: 'done' })).replayed).toBe(false);
  });
});
