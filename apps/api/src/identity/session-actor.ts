import { parseSigned } from 'hono/utils/cookie';
import type { Db } from '../runtime/db.ts';
import { type Auth, SESSION_SECONDS, SESSION_UPDATE_SECONDS } from './auth.ts';
import { type PersonActor, personActor, sessionPerson } from './session.store.ts';

/**
 * Who sends a request, by its session cookie: the person with the roles they hold at this moment, or null. Runs before every
 * call of the console, so it is one query; a session that is about to be prolonged or to end is better-auth's to judge.
 */
export function sessionActors(db: Db, auth: Auth): (headers: Headers) => Promise<PersonActor | null> {
  return async (headers) => {
    const { authCookies, secret } = await auth.$context;
    const { name } = authCookies.sessionToken;
    const token = (await parseSigned(headers.get('cookie') ?? '', secret, name))[name];
    // Absent, or with a signature that is not ours.
    if (!token) return null;
    const found = await sessionPerson(db, token, SESSION_SECONDS - SESSION_UPDATE_SECONDS);
    if (!found) return null;
    if (found.fresh) return found.actor;
    const session = await auth.api.getSession({ headers });
    return session ? personActor(db, session.user.id, session.session.id) : null;
  };
}
