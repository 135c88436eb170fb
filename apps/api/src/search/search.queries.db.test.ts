import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { payoutIn, type Sample } from '../testing/factories.ts';
import { findByText } from './search.queries.ts';

describe('a pasted text', () => {
  let database: TestDatabase;
  let paid: Sample;
  beforeAll(async () => {
    database = await testDatabase();
    paid = await payoutIn(database, 'paid', { body: { reference: 'INV-2026-118' } });
    await payoutIn(database, 'queued', { body: { reference: 'INV-2026-119' } });
  });
  afterAll(() => database.close());

  const find = (text: string) => findByText(database.db, text);
  const payoutId = () => toId('payout', paid.payout.id);

  test('opens what it names: our id, an attempt’s, the provider’s, the merchant’s reference', async () => {
    expect(await find(payoutId())).toMatchObject([{ kind: 'payout', id: payoutId(), by: 'id' }]);
    expect(await find(toId('attempt', paid.attempt.id))).toMatchObject([
      { kind: 'payout', id: payoutId(), by: 'attempt' },
    ]);
    expect(await find(paid.payout.providerPayoutId ?? '')).toMatchObject([{ id: payoutId(), by: 'provider_id' }]);
    expect(await find('INV-2026-118')).toMatchObject([{ id: payoutId(), by: 'reference' }]);
  });

  test('or part of a payee’s name, each payout once', async () => {
    const hits = await find(paid.payout.destination.holder.slice(1, 6).toUpperCase());
    expect(hits.map(({ id }) => id)).toContain(payoutId());
    expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length);
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
