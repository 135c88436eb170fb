import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { type HttpEnv, requestInfo } from '../runtime/http.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { evidenceHttp } from './evidence.http.ts';
import { EVIDENCE_MAX_BYTES } from './evidence.ts';

const PDF = Buffer.from('%PDF-1.7\nnot much of one \u0000');
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('evidence over HTTP', () => {
  let database: TestDatabase;
  let ops: Actor;
  let actor: Actor | null;
  const app = new Hono<HttpEnv>();
  beforeAll(async () => {
    database = await testDatabase();
    ops = await person(database, 'ops');
    app.use(async (c, next) => {
      c.set('request', requestInfo('127.0.0.1'));
      await next();
    });
    app.route('/', evidenceHttp({ db: database.db, clock: () => NOW, resolveActor: async () => actor }));
  });
  beforeEach(() => {
    actor = ops;
  });
  afterAll(() => database.close());

  const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
    app.request('/api/evidence', {
      method: 'POST',
      body,
      headers: { 'x-filename': 'dekont.pdf', 'content-type': 'application/pdf', ...headers },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
  const read = async (response: Response) => ({
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
  });
  const kept = async (hash: string) =>
    (await database.db.query('SELECT filename, uploaded_by FROM evidence_file WHERE sha256 = $1', [hash])).rows;

  test('201: kept under its hash, with an audit row', async () => {
    const answer = await read(
      await post(new Uint8Array(PDF), { 'x-filename': encodeURIComponent('Şubat dekont.pdf') }),
    );
    expect(answer).toEqual({
      status: 201,
      body: { sha256: sha256(PDF), filename: 'Şubat dekont.pdf', mediaType: 'application/pdf', bytes: PDF.byteLength },
    });
    expect(await auditRows(database, sha256(PDF))).toMatchObject([{ act: 'evidence.uploaded', actor_id: ops.id }]);
  });

  test('the same file again, under another name and by another person: one row, one audit row, the same answer', async () => {
    const content = Buffer.from('%PDF-1.7\ntwice');
    const first = await read(await post(new Uint8Array(content)));
    actor = await person(database, 'finance');
    const again = await read(await post(new Uint8Array(content), { 'x-filename': 'other.pdf' }));
    expect(again).toEqual(first);
    expect(await kept(sha256(content))).toEqual([{ filename: 'dekont.pdf', uploaded_by: ops.label }]);
    expect(await auditRows(database, sha256(content))).toHaveLength(1);
  });

  test('raced: the same file twice at once is one row', async () => {
    const content = Buffer.from('%PDF-1.7\nraced');
    const answers = await Promise.all([1, 2, 3, 4].map(async () => read(await post(new Uint8Array(content)))));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(await kept(sha256(content))).toHaveLength(1);
    expect(await auditRows(database, sha256(content))).toHaveLength(1);
  });

  test('handed out byte for byte, as an attachment that no browser runs', async () => {
    await post(new Uint8Array(PDF));
    actor = await person(database, 'viewer');
    const response = await app.request(`/api/evidence/${sha256(PDF)}`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PDF);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': "attachment; filename*=UTF-8''%C5%9Eubat%20dekont.pdf",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  test('a name with quotes and brackets keeps to the header’s grammar', async () => {
    const content = Buffer.from('%PDF-1.7\nname');
    await post(new Uint8Array(content), { 'x-filename': encodeURIComponent(`a'b(c)*"d;e.pdf`) });
    const response = await app.request(`/api/evidence/${sha256(content)}`);
    expect(response.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''a%27b%28c%29%2A%22d%3Be.pdf",
    );
  });

  test.each<[string, BodyInit | null, Record<string, string>, number, string]>([
    ['a program', 'MZ\u0000\u0001', { 'content-type': 'application/octet-stream' }, 415, 'unsupported_media_type'],
    ['text called a PDF', 'hello', {}, 415, 'unsupported_media_type'],
    ['nothing', null, {}, 400, 'malformed'],
    ['a name that is no percent-encoding', 'x', { 'x-filename': '%E0%A4%A' }, 400, 'malformed'],
    ['a name with a NUL', '%PDF-', { 'x-filename': '%00.pdf' }, 400, 'malformed'],
    ['a length that says too much', 'x', { 'content-length': String(EVIDENCE_MAX_BYTES + 1) }, 413, 'too_large'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    expect(await read(await post(body, headers))).toMatchObject({ status, body: { code } });
  });

  test('without a name it is refused: that is what keeps other sites’ forms out', async () => {
    const response = await app.request('/api/evidence', { method: 'POST', body: 'x' });
    expect(await read(response)).toMatchObject({ status: 400, body: { code: 'malformed' } });
  });

  test('exactly at the limit it is taken; one byte more is refused without reading on', async () => {
    const most = new Uint8Array(EVIDENCE_MAX_BYTES).fill(0x61);
    expect((await post(most, { 'content-type': 'text/plain' })).status).toBe(201);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x61));
      },
    });
    expect(await read(await post(endless, { 'content-type': 'text/plain' }))).toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(EVIDENCE_MAX_BYTES * 1.1);
  });

  test('401 for nobody, 403 for who may not upload, on the record', async () => {
    actor = null;
    expect((await post(new Uint8Array(PDF))).status).toBe(401);
    expect((await app.request(`/api/evidence/${sha256(PDF)}`)).status).toBe(401);
    actor = await person(database, 'viewer');
    expect((await post(new Uint8Array(PDF))).status).toBe(403);
    expect((await auditRows(database)).at(-1)).toMatchObject({
      act: 'evidence.uploaded',
      refusal_code: 'permission_missing',
      actor_id: actor.id,
    });
  });

  test.each(['0'.repeat(64), 'nonsense', `${'0'.repeat(63)}G`])('404 for %s', async (hash) => {
    expect((await app.request(`/api/evidence/${hash}`)).status).toBe(404);
  });
});
