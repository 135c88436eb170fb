import { type Context, Hono } from 'hono';
import type { Actor } from '../core/actor.ts';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from '../runtime/db.ts';
import { type HttpEnv, problemOf } from '../runtime/http.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { importSettlementFile, offerSettlementFile } from './import-settlement-file.ts';
import { checkFile, withReceivedFile } from './received-file.ts';
import { FILE_LIMITS } from './settlement-fault.ts';
import type { CheckedFile } from './settlement-file.ts';

export interface SettlementHttpOptions {
  db: Db;
  clock: Clock;
  /** Who is signed in; null when nobody is. */
  actorOf: (c: Context<HttpEnv>) => Promise<Actor | null>;
  /** Where files wait until they are imported. */
  spoolDir: string;
}

const KEY = /^[\x21-\x7e]{8,200}$/;

/**
 * `POST /api/settlement-files?filename=…` with the file as the body, as it is: any content type but a form's, for a form
 * would have to be held in memory. 201 imported, 200 already imported, else a problem document; of a bad file it lists
 * `faults` (the first 1 000) and counts them all in `faultCount`. `Idempotency-Key` is required, which also keeps other
 * sites' pages from posting here: a browser asks first before it sends a header of that kind.
 */
export function settlementHttp(options: SettlementHttpOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post('/api/settlement-files', async (c) => {
    try {
      const actor = await options.actorOf(c);
      if (!actor) throw new Refused('not_signed_in');
      const call = { actor, now: options.clock(), request: c.get('request'), idempotencyKey: null };
      await execute(options.db, offerSettlementFile, call, {});
      const idempotencyKey = admit(c);
      const body = c.req.raw.body ?? new ReadableStream({ start: (controller) => controller.close() });
      return await withReceivedFile(body, c.req.query('filename') ?? '', options.spoolDir, async (received) =>
        importChecked(c, await checkFile(received), options.db, { ...call, now: options.clock(), idempotencyKey }),
      );
    } catch (error) {
      return refusalOf(c, error, {});
    }
  });
  return app;
}

async function importChecked(c: Context<HttpEnv>, file: CheckedFile, db: Db, call: Call): Promise<Response> {
  try {
    const input = { sha256: file.sha256, filename: file.filename };
    const { result } = await execute(db, importSettlementFile(file), call, input);
    return c.json(result, result.outcome === 'imported' ? 201 : 200);
  } catch (error) {
    return refusalOf(c, error, file.faultCount > 0 ? { faults: file.faults, faultCount: file.faultCount } : {});
  }
}

/** The problem document of a refusal; anything else is thrown on. */
function refusalOf(c: Context<HttpEnv>, error: unknown, more: object): Response {
  if (!(error instanceof Refused)) throw error;
  const document = problemOf(error.refusal, c.get('request').requestId);
  return c.json({ ...document, ...more }, document.status as 400, { 'content-type': 'application/problem+json' });
}

/** Refuses what need not be read to be refused. Returns the idempotency key. */
function admit(c: Context<HttpEnv>): string {
  const key = c.req.header('idempotency-key');
  if (key === undefined) throw new Refused('idempotency_key_missing');
  if (!KEY.test(key)) throw new Refused('idempotency_key_malformed');
  const type = c.req.header('content-type') ?? '';
  if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(type)) {
    throw new Refused('unsupported_media_type', { contentType: type.slice(0, 100) });
  }
  if (Number(c.req.header('content-length') ?? 0) > FILE_LIMITS.bytes) {
    throw new Refused('too_large', { limit: String(FILE_LIMITS.bytes) });
  }
  return key;
}
