import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../runtime/operation.ts';
import { callBy } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { addPerson } from './add-person.ts';
import { type Auth, openAuth } from './auth.ts';
import { personActor } from './session.store.ts';
import { sessionActors } from './session-actor.ts';

const ORIGIN = 'http://localhost:4400';
const PASSWORD = 'correct horse battery';

describe('sign-in', () => {
  let database: TestDatabase;
  let auth: Auth;
  beforeAll(async () => {
    database = await testDatabase();
    auth = openAuth({ db: database.db, secret: 'x'.repeat(32), publicUrl: ORIGIN, trustedOrigins: [ORIGIN] });
    const call = callBy({ kind: 'cli', id: 'test', label: 'cli' });
    const input = {
      email: 'Ayse@Example.test',
      name: 'Ayşe',
      roles: ['ops', 'ops'],
      passwordHash: await hashPassword(PASSWORD),
    };
    await execute(database.db, addPerson, call, input);
  });
  afterAll(() => database.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    auth.handler(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: ORIGIN,
          'x-countersign-client-address': '192.0.2.7',
          ...headers,
        },
        body: JSON.stringify(body),
      }),
    );
  const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

  test('with the right password: a session whose actor has the roles of this moment, and an audit event', async () => {
    const response = await post('/sign-in/email', { email: 'ayse@example.test', password: PASSWORD });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/i);
    const session = await auth.api.getSession({ headers: new Headers({ cookie: cookieOf(response) }) });
    const id = session?.user.id ?? '';
    expect(await personActor(database.db, id, 's')).toMatchObject({ label: 'Ayşe', roles: ['ops'] });
    await database.owner.query(`INSERT INTO person_role (person_id, role) VALUES ($1, 'finance')`, [id]);
    expect((await personActor(database.db, id, 's'))?.roles.toSorted()).toEqual(['finance', 'ops']);
    expect(await auditRows(database, id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ act: 'session.signed_in', outcome: 'done', ip: '192.0.2.7' })]),
    );
  });

  test('a session is its person at every call, until it ends; a cookie that was not signed here is nobody', async () => {
    const actorOf = sessionActors(database.db, auth);
    const cookie = cookieOf(await post('/sign-in/email', { email: 'ayse@example.test', password: PASSWORD }));
    const actor = (text: string) => actorOf(new Headers(text ? { cookie: text } : {}));
    const set = (sql: string) => database.owner.query(sql);
    const { session } = (await auth.api.getSession({ headers: new Headers({ cookie }) })) ?? {};
    const mine = `WHERE id = '${session?.id}'`;
    expect(await actor(cookie)).toMatchObject({ kind: 'person', label: 'Ayşe', sessionId: session?.id });
    expect(await actor('')).toBeNull();
    expect(await actor(cookie.replace(/=./, (start) => (start === '=a' ? '=b' : '=a')))).toBeNull();
    expect(await actor(cookie.split('.').slice(0, 1).join('.'))).toBeNull();
    expect(await actor(`${cookie.slice(0, cookie.lastIndexOf('.'))}.${'A'.repeat(43)}%3D`)).toBeNull();
    // Half spent, it is prolonged by its use.
    await set(`UPDATE session SET expires_at = now() + interval '6 hours' ${mine}`);
    expect(await actor(cookie)).toMatchObject({ label: 'Ayşe' });
    const { rows } = await database.owner.query(
      `SELECT expires_at > now() + interval '11 hours' AS long FROM session ${mine}`,
    );
    expect(rows).toEqual([{ long: true }]);
    await set(`UPDATE person SET disabled_at = now()`);
    expect(await actor(cookie)).toBeNull();
    await set(`UPDATE person SET disabled_at = NULL`);
    await set(`UPDATE session SET expires_at = now() - interval '1 second' ${mine}`);
    expect(await actor(cookie)).toBeNull();
    const ended = cookieOf(await post('/sign-in/email', { email: 'ayse@example.test', password: PASSWORD }));
    expect(await actor(ended)).toMatchObject({ label: 'Ayşe' });
    await post('/sign-out', {}, { cookie: ended });
    expect(await actor(ended)).toBeNull();
  });

  test('with a wrong password or an unknown address: the same refusal, and an audit event each', async () => {
    const wrong = await post('/sign-in/email', { email: 'ayse@example.test', password: 'not the password' });
    const unknown = await post('/sign-in/email', { email: 'nobody@example.test', password: 'not the password' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
    const refused = (await auditRows(database)).filter((row) => row.act === 'session.sign_in_refused');
    expect(refused).toHaveLength(2);
    expect(refused.every((row) => row.outcome === 'refused')).toBe(true);
  });

  test('nobody signs themselves up', async () => {
    const response = await post('/sign-up/email', { email: 'eve@example.test', password: PASSWORD, name: 'Eve' });
    expect(response.status).toBe(400);
    const { rowCount } = await database.db.query(`SELECT 1 FROM person WHERE email = 'eve@example.test'`);
    expect(rowCount).toBe(0);
  });

  test('a disabled person cannot sign in, and their open session is nobody', async () => {
    const { rows } = await database.owner.query<{ id: string }>(
      `UPDATE person SET disabled_at = now() WHERE email = 'ayse@example.test' RETURNING id`,
    );
    expect(await personActor(database.db, rows[0]?.id ?? '', 's')).toBeNull();
    const response = await post('/sign-in/email', { email: 'ayse@example.test', password: PASSWORD });
    expect(response.status).toBe(403);
    await database.owner.query(`UPDATE person SET disabled_at = NULL`);
  });

  test('an e-mail address names one person', async () => {
    const call = callBy({ kind: 'cli', id: 'test', label: 'cli' });
    const again = {
      email: 'AYSE@example.test',
      name: 'Other',
      roles: ['viewer'],
      passwordHash: await hashPassword(PASSWORD),
    };
    await expect(execute(database.db, addPerson, call, again)).rejects.toMatchObject({
      refusal: { code: 'email_taken' },
    });
  });
});
