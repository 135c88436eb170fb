import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';
import { openDb } from '../../src/runtime/db.ts';
import { onStop } from '../config.ts';

/** What the floor answers a page with: the page's own SQL is run, and the page's own answer is given. */
export interface FloorPage {
  statements: { text: string; values: unknown[] }[];
  answer: unknown;
}

/**
 * The floor of the queue's bench, a process of its own: Hono, tRPC's fetch adapter and one bare procedure that runs a page's
 * SQL on pg and returns the page. No session, no permission, no decision, no row turned into what the console shows.
 */
const pages = JSON.parse(readFileSync(process.env.FLOOR_PAGES ?? '', 'utf8')) as Record<string, FloorPage>;
const db = openDb(process.env.DATABASE_URL ?? '', { max: 20, applicationName: 'bench-floor' });
const t = initTRPC.create();
const router = t.router({
  page: t.procedure
    .input((input) => String(input))
    .query(async ({ input }) => {
      const page = pages[input];
      for (const { text, values } of page?.statements ?? []) await db.query(text, values);
      return page?.answer;
    }),
});
const app = new Hono();
app.get('/healthz', (c) => c.json({ status: 'ok' }));
app.all('/trpc/*', (c) =>
  fetchRequestHandler({ endpoint: '/trpc', req: c.req.raw, router, createContext: () => ({}) }),
);
const server = serve({ fetch: app.fetch, port: Number(process.env.PORT) });
onStop(async () => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
  await db.end();
});
