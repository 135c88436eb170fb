import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { getConnInfo } from '@hono/node-server/conninfo';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { appRouter } from './app-router.ts';
import { Refused } from './core/refusal.ts';
import type { Clock } from './core/time.ts';
import { type Auth, CLIENT_ADDRESS_HEADER } from './identity/auth.ts';
import { sessionActors } from './identity/session-actor.ts';
import { workerAlive } from './jobs/job-run.store.ts';
import { evidenceHttp } from './overrides/evidence.http.ts';
import { payoutsHttp } from './payouts/payouts.http.ts';
import { webhooksHttp } from './payouts/webhooks.http.ts';
import type { PspConnector } from './psp/connector.ts';
import type { Db } from './runtime/db.ts';
import { type HttpEnv, invariantProblem, problem, requestInfo } from './runtime/http.ts';
import type { LiveFeed } from './runtime/live.ts';
import type { Log } from './runtime/log.ts';
import { settlementHttp } from './settlement/settlement.http.ts';
import type { WebhookSettings } from './webhooks/seal.ts';

export interface HttpDeps {
  db: Db;
  auth: Auth;
  live: LiveFeed;
  clock: Clock;
  log: Log;
  connectors: Record<string, PspConnector>;
  /** Absent where no command on webhooks is called: in tests of other modules. */
  webhooks?: WebhookSettings;
  /** Folder of the built console, or null when something else serves it. */
  webRoot: string | null;
}

const MAX_TRPC_BYTES = 1024 * 1024;

/** The whole HTTP surface of the api process. */
export function httpApp(deps: HttpDeps): Hono<HttpEnv> {
  const { db, auth, clock, log } = deps;
  const app = new Hono<HttpEnv>();

  app.use(async (c, next) => {
    c.set('request', requestInfo(addressOf(c)));
    await next();
    c.header('x-request-id', c.get('request').requestId);
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'same-origin',
    }),
  );
  app.onError((error, c) => {
    if (error instanceof Refused) return problem(c, error.refusal, c.get('request').requestId);
    log.error({ err: error, requestId: c.get('request').requestId, path: c.req.path }, 'request failed');
    return invariantProblem(c, c.get('request').requestId);
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }));
  app.get('/readyz', async (c) => {
    const parts = await readiness(deps);
    const ready = Object.values(parts).every((state) => state === 'ok');
    return c.json({ status: ready ? 'ok' : 'unavailable', ...parts }, ready ? 200 : 503, {
      'cache-control': 'no-store',
    });
  });

  // The console's own origin only: another site's page must not act with a person's cookie.
  const ownOrigin: MiddlewareHandler<HttpEnv> = async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || sameOrigin(c)) return next();
    return problem(c, { code: 'foreign_origin' }, c.get('request').requestId);
  };
  app.use('/api/*', ownOrigin);
  app.use('/trpc/*', ownOrigin);
  app.on(['GET', 'POST'], '/api/auth/*', (c) => {
    const headers = new Headers(c.req.raw.headers);
    // What the socket says, never what the caller says of itself.
    headers.set(CLIENT_ADDRESS_HEADER, c.get('request').ip ?? 'unknown');
    return auth.handler(new Request(c.req.raw, { headers }));
  });

  const resolveActor = sessionActors(db, auth);
  app.use(
    '/trpc/*',
    bodyLimit({
      maxSize: MAX_TRPC_BYTES,
      onError: () => {
        throw new Refused('too_large');
      },
    }),
  );
  app.all('/trpc/*', async (c) => {
    const actor = await resolveActor(c.req.raw.headers);
    return fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      // A question with a long input (a whole policy) may come as POST; a command never comes as GET.
      allowMethodOverride: true,
      createContext: ({ resHeaders }) => {
        resHeaders.set('cache-control', 'no-store');
        const { live, connectors, webhooks } = deps;
        return { db, actor, clock, request: c.get('request'), live, log, connectors, webhooks };
      },
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR') {
          log.error({ err: error.cause ?? error, path, requestId: c.get('request').requestId }, 'procedure failed');
        }
      },
    });
  });

  app.route('/', payoutsHttp({ db, clock, log }));
  app.route(
    '/',
    settlementHttp({
      db,
      clock,
      actorOf: (c) => resolveActor(c.req.raw.headers),
      spoolDir: join(tmpdir(), 'countersign'),
    }),
  );
  app.route('/', evidenceHttp({ db, clock, resolveActor }));
  app.route('/', webhooksHttp({ db, clock, log, connectors: deps.connectors }));
  app.all('/v1/*', (c) => problem(c, { code: 'not_found' }, c.get('request').requestId));
  if (deps.webRoot) serveConsole(app, deps.webRoot);
  app.notFound((c) => problem(c, { code: 'not_found' }, c.get('request').requestId));
  return app;
}

function addressOf(c: Context): string | null {
  try {
    // An IPv4 caller of a dual-stack socket is told as ::ffff:192.0.2.1.
    return getConnInfo(c).remote.address?.replace(/^::ffff:(?=\d)/, '') ?? null;
  } catch {
    // Not behind a socket: an in-process request of a test.
    return null;
  }
}

function sameOrigin(c: Context): boolean {
  const origin = c.req.header('origin');
  if (!origin) return c.req.header('sec-fetch-site') !== 'cross-site';
  try {
    return new URL(origin).host === c.req.header('host');
  } catch {
    return false;
  }
}

async function readiness({
  db,
  clock,
  connectors,
}: HttpDeps): Promise<Record<'database' | 'worker' | 'sandbox', 'ok' | 'down'>> {
  const ok = (check: Promise<boolean>) =>
    check.then(
      (up) => (up ? ('ok' as const) : ('down' as const)),
      () => 'down' as const,
    );
  const provider = connectors.stripe;
  const [database, worker, sandbox] = await Promise.all([
    ok(db.query('SELECT 1').then(() => true)),
    ok(workerAlive(db, clock())),
    ok(provider ? provider.ping() : Promise.resolve(false)),
  ]);
  return { database, worker, sandbox };
}

const MEDIA: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the built console: hashed assets for ever, everything else as the app's page, which knows its own routes. */
function serveConsole(app: Hono<HttpEnv>, root: string): void {
  app.use('/assets/*', compress());
  app.get('*', async (c) => {
    const path = normalize(decodeURIComponent(c.req.path));
    const media = MEDIA[extname(path)];
    if (media && !path.includes('..')) {
      const file = await readFile(join(root, path)).catch(() => null);
      if (!file) return c.notFound();
      const forEver = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return c.body(new Uint8Array(file), 200, { 'content-type': media, 'cache-control': forEver });
    }
    const page = await readFile(join(root, 'index.html'));
    return c.body(new Uint8Array(page), 200, { 'content-type': MEDIA['.html'] ?? '', 'cache-control': 'no-cache' });
  });
}
