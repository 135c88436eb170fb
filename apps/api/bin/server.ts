import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { systemClock } from '../src/core/time.ts';
import { httpApp } from '../src/http-app.ts';
import { openAuth } from '../src/identity/auth.ts';
import { openDb } from '../src/runtime/db.ts';
import { openLiveFeed } from '../src/runtime/live.ts';
import { openLog } from '../src/runtime/log.ts';
import { openSeal } from '../src/webhooks/seal.ts';
import { exitWith, onStop, readConfig } from './config.ts';
import { connectorsOf } from './connectors.ts';

try {
  const config = readConfig(process.env);
  const log = openLog('api', config.LOG_LEVEL);
  const db = openDb(config.DATABASE_URL, { max: 20, applicationName: 'countersign-api' });
  const live = openLiveFeed(config.DATABASE_URL);
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${config.PORT}`;
  const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url));
  const app = httpApp({
    db,
    live,
    log,
    clock: systemClock,
    connectors: connectorsOf(config),
    webhooks: { seal: openSeal(config.AUTH_SECRET), allowLocal: config.ALLOW_LOCAL_WEBHOOKS },
    auth: openAuth({
      db,
      secret: config.AUTH_SECRET,
      publicUrl,
      trustedOrigins: config.PUBLIC_URL ? [] : [`http://127.0.0.1:${config.PORT}`, `http://localhost:${config.PORT}`],
    }),
    webRoot: existsSync(webRoot) ? webRoot : null,
  });
  const server = serve({ fetch: app.fetch, port: config.PORT });
  server.on('error', (error: NodeJS.ErrnoException) =>
    exitWith(error.code === 'EADDRINUSE' ? new Error(`Port ${config.PORT} is taken: set PORT to a free one.`) : error),
  );
  onStop(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await live.close();
    await db.end();
  });
} catch (error) {
  exitWith(error);
}
