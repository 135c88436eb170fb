import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { type HttpEnv, requestInfo } from '../runtime/http.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { fixture } from './fixtures/reading.ts';
import { settlementHttp } from './settlement.http.ts';
import { FILE_LIMITS } from './settlement-fault.ts';

const SPOOL = join(tmpdir(), `countersign-http-test-${process.pid}`);

describe('POST /api/settlement-files', () => {
  let database: TestDatabase;
  let actor: Actor | null = null;
  let finance: Actor;
  const app = new Hono<HttpEnv>();
  beforeAll(async () => {
    database = await testDatabase();
    finance = await person(database, 'finance');
    app.use(async (c, next) => {
      c.set('request', requestInfo('127.0.0.1'));
      await next();
    });
    app.route(
      '/',
      settlementHttp({
        db: database.db,
        clock: () => NOW,
        actorOf: async () => actor,
        spoolDir: SPOOL,
      }),
    );
  });
  afterAll(async () => {
    await rm(SPOOL, { recursive: true, force: true });
    await database.close();
  });

  let keys = 0;
  async function post(body: Uint8Array | string | null, headers: Record<string, string | null> = {}) {
    keys += 1;
    const all = { 'idempotency-key': `http-key-${keys}`, 'content-type': 'application/octet-stream', ...headers };
    const response = await app.request('/api/settlement-files?filename=day.csv', {
      method: 'POST',
      body: body as BodyInit | null,
      headers: Object.entries(all).filter((header): header is [string, string] => header[1] !== null),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  test('201 with what was imported, then 200 when it comes again', async () => {
    actor = finance;
    const first = await post(fixture('stripe-itemised.csv'));
    expect(first).toMatchObject({ status: 201, body: { outcome: 'imported', filename: 'day.csv', lineCount: 11 } });
    const again = await post(fixture('stripe-itemised.csv'));
    expect(again).toMatchObject({ status: 200, body: { outcome: 'already_imported', fileId: first.body.fileId } });
  });

  test('422 with every bad line', async () => {
    actor = finance;
    const { status, body } = await post(fixture('stripe-itemised.faulty.csv'));
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'file_faulty', faultCount: 15 });
    expect(body.faults).toHaveLength(15);
    expect((body.faults as unknown[])[0]).toEqual({
      line: 3,
      code: 'net_mismatch',
      params: { gross: '-10.00', fee: '0.25', net: '-10.00', currency: 'EUR' },
      text: 'gross -10.00 − fee 0.25 is not net -10.00 EUR.',
    });
  });

  test.each<[string, string | null, Record<string, string | null>, number, string]>([
    ['no body', null, {}, 422, 'file_unreadable'],
    ['no key', 'x', { 'idempotency-key': null }, 400, 'idempotency_key_missing'],
    ['a bad key', 'x', { 'idempotency-key': 'a b' }, 400, 'idempotency_key_malformed'],
    ['a form', 'x', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'unsupported_media_type'],
    ['too much', 'x', { 'content-length': String(FILE_LIMITS.bytes + 1) }, 413, 'too_large'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    actor = finance;
    expect(await post(body, headers)).toMatchObject({ status, body: { code } });
  });

  test('401 for nobody; 403 for a viewer, on the record, before a byte is read', async () => {
    actor = null;
    expect(await post('x')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    actor = await person(database, 'viewer');
    expect(await post('x')).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect((await auditRows(database)).at(-1)).toMatchObject({
      outcome: 'refused',
      refusal_code: 'permission_missing',
      actor_id: actor.id,
    });
  });
});
