import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { newUuid } from '../core/ids.ts';
import type { Db } from '../runtime/db.ts';
import { auditSession } from './session.store.ts';

export interface AuthOptions {
  db: Db;
  /** Signs cookies; at least 32 characters. */
  secret: string;
  /** Where people reach the console: `http://localhost:4400`. */
  publicUrl: string;
  trustedOrigins: readonly string[];
}

/** The header in which our own server tells better-auth the socket's address; a caller's own is overwritten. */
export const CLIENT_ADDRESS_HEADER = 'x-countersign-client-address';

/** How long a session lives after it was last prolonged, and how old it is when its use prolongs it. */
export const SESSION_SECONDS = 12 * 60 * 60;
export const SESSION_UPDATE_SECONDS = 60 * 60;

/**
 * Sign-in of people (better-auth): e-mail and password, sessions in the database, nobody signs themselves up. Second factors
 * and passkeys plug in here. Every sign-in, refused sign-in and sign-out is an audit event.
 */
export function openAuth({ db, secret, publicUrl, trustedOrigins }: AuthOptions) {
  return betterAuth({
    appName: 'Countersign',
    database: db.pool,
    secret,
    baseURL: publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [...trustedOrigins],
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      expiresIn: SESSION_SECONDS,
      updateAge: SESSION_UPDATE_SECONDS,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: { fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    rateLimit: { enabled: true, window: 60, max: 300, customRules: { '/sign-in/email': { window: 60, max: 30 } } },
    advanced: {
      cookiePrefix: 'countersign',
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      useSecureCookies: publicUrl.startsWith('https:'),
      database: { generateId: () => newUuid() },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const { rows } = await db.query<{ disabled: boolean }>(
              'SELECT disabled_at IS NOT NULL AS disabled FROM person WHERE id = $1',
              [session.userId],
            );
            if (rows[0]?.disabled)
              throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: 'This account is disabled.' });
          },
          after: async (session, context) => {
            await auditSession(db, {
              act: 'session.signed_in',
              personId: session.userId,
              sessionId: session.id,
              // The session's own copy of the address is cut to its network by better-auth; the audit log keeps it whole.
              ip: context?.headers?.get(CLIENT_ADDRESS_HEADER) ?? null,
            });
          },
        },
        delete: {
          after: async (session, context) => {
            await auditSession(db, {
              act: 'session.signed_out',
              personId: session.userId,
              sessionId: session.id,
              ip: context?.headers?.get(CLIENT_ADDRESS_HEADER) ?? null,
            });
          },
        },
      },
    },
    hooks: {
      after: createAuthMiddleware(async (context) => {
        if (context.path !== '/sign-in/email' || !(context.context.returned instanceof APIError)) return;
        const body = context.body as { email?: unknown } | undefined;
        await auditSession(db, {
          act: 'session.sign_in_refused',
          email: typeof body?.email === 'string' ? body.email.slice(0, 200) : '',
          ip: context.headers?.get(CLIENT_ADDRESS_HEADER) ?? null,
        });
      }),
    },
  });
}

export type Auth = ReturnType<typeof openAuth>;
