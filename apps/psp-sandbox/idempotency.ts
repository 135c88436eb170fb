import type { Answer } from './answer.ts';
import type { SandboxClock } from './clock.ts';
import type { Database } from './database.ts';
import { fingerprint } from './form.ts';
import { invalidRequest, ProviderError } from './provider-error.ts';

/** How long a key replays its answer; used again after that, it runs anew. */
export const KEY_LIFE_MS = 24 * 3_600_000;

interface KeyRow {
  fingerprint: string | null;
  status: number;
  body: string;
  request_id: string;
  saved_at: number;
}

/** A request that changes something. */
export interface KeyedRequest {
  /** The `Idempotency-Key` header, when there is one. */
  key: string | undefined;
  /** Method and path. */
  endpoint: string;
  /** The form-encoded body. */
  body: string;
  requestId: string;
}

/** Saves an answer under the request's key; called inside the transaction that executes the request. */
export type Save = (status: number, body: unknown) => Answer;

/** Runs each key once. */
export interface Idempotency {
  /**
   * Answers from the saved key, or runs `run`. What `run` passes to `save` is remembered for 24 hours, errors and 500s
   * included; what it throws is not. Throws ProviderError for a key in flight (409) or used with other parameters (400).
   */
  answer(request: KeyedRequest, run: (save: Save) => Promise<Answer>): Promise<Answer>;
}

/** Keys in flight are kept in memory: a killed process leaves none locked, and its execution was one transaction. */
export function createIdempotency(db: Database, clock: SandboxClock): Idempotency {
  const inFlight = new Set<string>();
  return {
    answer: async (request, run) => {
      const { key, requestId } = request;
      if (key === undefined) return run((status, body) => whole(status, JSON.stringify(body)));
      if (key.length > 255) {
        throw invalidRequest('Idempotency keys can be up to 255 characters long.', {
          code: 'idempotency_key_too_long',
        });
      }
      const print = fingerprint(request.endpoint, request.body);
      const saved = load(db, key, clock.now());
      if (saved) return replay(saved, key, print);
      if (inFlight.has(key)) {
        throw new ProviderError(
          409,
          `There is currently another in-progress request using this idempotency key (${key}). Try again later.`,
          { type: 'idempotency_error', code: 'idempotency_key_in_use' },
        );
      }
      inFlight.add(key);
      try {
        return await run((status, body) => {
          const text = JSON.stringify(body);
          keepKey(db, { key, fingerprint: print, status, body: text, requestId, savedAt: clock.now() });
          return whole(status, text, { 'Idempotency-Key': key, 'Original-Request': requestId });
        });
      } finally {
        inFlight.delete(key);
      }
    },
  };
}

/** Stores a key's answer. A null fingerprint (demo data) fits any parameters. */
export function keepKey(
  db: Database,
  entry: {
    key: string;
    fingerprint: string | null;
    status: number;
    body: string;
    requestId: string;
    savedAt: number;
  },
): void {
  db.run(
    `INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, status, body, request_id, saved_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    entry.key,
    entry.fingerprint,
    entry.status,
    entry.body,
    entry.requestId,
    entry.savedAt,
  );
}

/**
 * Forgets saved keys as if their 24 hours were over: that one, or all of them. A key in flight stays so. Returns how many.
 */
export function forgetKeys(db: Database, key: string | undefined): number {
  const where = key === undefined ? '' : 'WHERE key = ?';
  const values = key === undefined ? [] : [key];
  const known = db.get<{ n: number }>(`SELECT count(*) AS n FROM idempotency_keys ${where}`, ...values);
  db.run(`DELETE FROM idempotency_keys ${where}`, ...values);
  return known?.n ?? 0;
}

function load(db: Database, key: string, now: number): KeyRow | undefined {
  const row = db.get<KeyRow>('SELECT * FROM idempotency_keys WHERE key = ?', key);
  return row && row.saved_at + KEY_LIFE_MS > now ? row : undefined;
}

function replay(saved: KeyRow, key: string, print: string): Answer {
  if (saved.fingerprint !== null && saved.fingerprint !== print) {
    throw new ProviderError(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: 'idempotency_error' },
    );
  }
  return whole(saved.status, saved.body, {
    'Idempotency-Key': key,
    'Idempotent-Replayed': 'true',
    'Original-Request': saved.request_id,
  });
}

function whole(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { how: 'whole', status, body, headers };
}
