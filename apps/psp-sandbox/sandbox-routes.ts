import { Hono } from 'hono';
import { type AppEnv, type AppParts, limitBody } from './app-parts.ts';
import { type BooksFilter, readBooks } from './books.ts';
import { loadPayouts, resetBooks } from './demo-data.ts';
import { listDeliveries } from './events.ts';
import { FAULTS } from './faults.ts';
import { invalidRequest } from './provider-error.ts';

/** The sandbox's own surface: what no real provider offers. */
export function sandboxRoutes({ execution, scheduler }: AppParts): Hono<AppEnv> {
  const { db, clock } = execution;
  const routes = new Hono<AppEnv>();
  routes.use(limitBody(64 * 1024 * 1024));
  routes.get('/faults', (c) => c.json({ object: 'list', data: FAULTS }));
  routes.get('/books', (c) => {
    const filter: BooksFilter = {};
    const payoutId = c.req.query('payout_id');
    const attemptId = c.req.query('attempt_id');
    if (payoutId !== undefined) filter.payoutId = payoutId;
    if (attemptId !== undefined) filter.attemptId = attemptId;
    return c.json(readBooks(db, filter));
  });
  routes.get('/webhooks', (c) =>
    c.json({ object: 'list', data: listDeliveries(db, c.req.query('provider_payout_id')) }),
  );
  routes.get('/clock', (c) => c.json({ now: new Date(clock.now()).toISOString() }));
  routes.post('/clock', async (c) => {
    const body = await readJson(c.req.text());
    const advance = typeof body === 'object' && body !== null && 'advance_ms' in body ? body.advance_ms : undefined;
    if (
      typeof advance !== 'number' ||
      !Number.isSafeInteger(advance) ||
      advance < 0 ||
      advance > 10 * 365 * 86_400_000
    ) {
      throw invalidRequest('advance_ms must be a whole number of milliseconds, at most ten years.', {
        param: 'advance_ms',
      });
    }
    clock.advance(advance);
    scheduler.wake();
    return c.json({ now: new Date(clock.now()).toISOString() });
  });
  routes.post('/load', async (c) => {
    const result = loadPayouts(db, await readJson(c.req.text()));
    scheduler.wake();
    return c.json(result);
  });
  routes.post('/reset', (c) => {
    resetBooks(db);
    clock.reset();
    return c.json({ reset: true });
  });
  return routes;
}

async function readJson(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidRequest('The body is not JSON.');
    throw error;
  }
}
