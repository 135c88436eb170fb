import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previewBulk } from '../bulk/preview-bulk.ts';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { act, payoutIn, type Sample } from '../testing/factories.ts';
import { findByText } from './search.queries.ts';

describe('a pasted text', () => {
  let database: TestDatabase;
  let paid: Sample;
  let ops: Actor;
  beforeAll(async () => {
    database = await testDatabase();
    ops = await person(database, 'ops');
    paid = await payoutIn(database, 'paid', { body: { reference: 'INV-2026-118' } });
    await payoutIn(database, 'queued', { body: { reference: 'INV-2026-119' } });
  });
  afterAll(() => database.close());

  const find = (text: string) => findByText(database.db, ops, text, NOW);
  const payoutId = () => toId('payout', paid.payout.id);

  test('opens what it names: our id, an attempt’s, the provider’s, the merchant’s reference', async () => {
    expect(await find(payoutId())).toMatchObject([{ kind: 'payout', id: payoutId(), by: 'id' }]);
    expect(await find(toId('attempt', paid.attempt.id))).toMatchObject([
      { kind: 'payout', id: payoutId(), by: 'attempt' },
    ]);
    expect(await find(paid.payout.providerPayoutId ?? '')).toMatchObject([{ id: payoutId(), by: 'provider_id' }]);
    expect(await find('INV-2026-118')).toMatchObject([{ id: payoutId(), by: 'reference' }]);
  });

  test('whatever its case, and then nothing else', async () => {
    for (const id of [
      payoutId(),
      toId('attempt', paid.attempt.id),
      paid.payout.providerPayoutId ?? '',
      'inv-2026-118',
    ]) {
      const hits = await find(id === 'inv-2026-118' ? id : id.toUpperCase());
      expect(hits.map((hit) => hit.id)).toEqual([payoutId()]);
    }
  });

  test('or the beginnings of words of a payee’s or a merchant’s name, each payout once', async () => {
    const hits = await find('SCHMI ann');
    expect(hits.map(({ id }) => id)).toContain(payoutId());
    expect(hits.every(({ by }) => by === 'name')).toBe(true);
    expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length);
    expect(await find('inv 118')).toMatchObject([{ id: payoutId(), by: 'name' }]);
  });

  test('or a bulk run', async () => {
    const { runId: id } = await act(
      database,
      previewBulk,
      { act: 'check', selection: { ids: [payoutId()] } },
      { actor: ops },
    );
    expect(await find(id)).toMatchObject([{ kind: 'bulk_run', id, label: 'check' }]);
  });

  test('or an audit event', async () => {
    const { rows } = await database.db.query<{ id: string }>('SELECT id FROM audit_event ORDER BY seq LIMIT 1');
    const id = toId('audit_event', rows[0]?.id ?? '');
    expect(await find(id)).toMatchObject([{ kind: 'audit_event', id }]);
  });

  test.each(['po_nonsense', toId('payout', '01939b1e-0000-7000-8000-000000000000'), '%%%', "'; --", '\\'])(
    'or nothing: %s',
    async (text) => {
      expect(await find(text)).toEqual([]);
    },
  );
});
