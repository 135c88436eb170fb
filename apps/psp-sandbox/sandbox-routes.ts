import { type Handler, Hono } from 'hono';
import { type AppEnv, type AppParts, limitBody } from './app-parts.ts';
import { type BooksFilter, readBooks } from './books.ts';
import { loadPayouts, resetBooks } from './demo-data.ts';
import { listDeliveries } from './events.ts';
import { FAULTS } from './faults.ts';
import { forgetKeys } from './idempotency.ts';
import { readOverview, readOverviewFilter } from './overview.ts';
import { OVERVIEW_HEADERS, overviewPage } from './overview-page.ts';
import { invalidRequest } from './provider-error.ts';
import { dropSchedule, keepSchedule, readFaultSchedule, readSchedule } from './schedule.ts';

/** The sandbox's own surface: what no real provider offers. */
export function sandboxRoutes({ execution, scheduler }: AppParts): Hono<AppEnv> {
  const { db, clock } = execution;
  const routes = new Hono<AppEnv>();
  routes.use(limitBody(64 * 1024 * 1024));
  routes.get('/', (c) => c.redirect('/__sandbox/'));
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
  routes.get('/schedule', (c) => c.json(readSchedule(db)));
  routes.put('/schedule', async (c) => {
    const schedule = readFaultSchedule(await readJson(c.req.text()));
    keepSchedule(db, schedule);
    return c.json(schedule);
  });
  routes.post('/keys/expire', async (c) => {
    const text = await c.req.text();
    return c.json({
      expired: forgetKeys(db, text === '' ? undefined : keyNamed(await readJson(Promise.resolve(text)))),
    });
  });
  routes.post('/load', async (c) => {
    const result = loadPayouts(db, await readJson(c.req.text()));
    scheduler.wake();
    return c.json(result);
  });
  routes.post('/reset', (c) => {
    resetBooks(db);
    clock.reset();
    dropSchedule(db);
    return c.json({ reset: true });
  });
  return routes;
}

/** The key in `{"key": …}`; undefined, which means all of them, when the object names none. */
function keyNamed(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidRequest('The body is no object.');
  if (!('key' in body)) return undefined;
  if (typeof body.key !== 'string') throw invalidRequest('key must be text.', { param: 'key' });
  return body.key;
}

/** `GET /__sandbox/`: the books as a page for a person. */
export function overviewRoute({ execution: { db, clock } }: AppParts): Handler<AppEnv> {
  return (c) => {
    const filter = readOverviewFilter(c.req.query('page'), c.req.query('q'), c.req.query('twice'));
    const page = overviewPage(readOverview(db, filter, clock.now()), readSchedule(db), clock.now());
    return c.html(page, 200, OVERVIEW_HEADERS);
  };
}

async function readJson(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidRequest('The body is not JSON.');
    throw error;
  }
}
