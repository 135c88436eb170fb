import { type Context, Hono } from 'hono';
import type { Actor } from '../core/actor.ts';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import { may } from '../identity/permission.ts';
import type { Db } from '../runtime/db.ts';
import { type HttpEnv, problem } from '../runtime/http.ts';
import { execute } from '../runtime/operation.ts';
import { readEvidence } from './evidence.queries.ts';
import { EVIDENCE_MAX_BYTES } from './evidence.ts';
import { uploadEvidence } from './upload-evidence.ts';

export interface EvidenceHttpOptions {
  db: Db;
  clock: Clock;
  /** Who is signed in; null when nobody is. */
  resolveActor: (headers: Headers) => Promise<Actor | null>;
}

/**
 * `POST /api/evidence`: the file as the body, `content-type` what the browser takes it for, `x-filename` its name,
 * percent-encoded. 201 with its hash; the same file again gives the same answer. `GET /api/evidence/:sha256` hands it out as an
 * attachment. The header `x-filename` is required, which also keeps other sites' pages from posting here: a browser asks
 * first before it sends a header of that kind.
 */
export function evidenceHttp(options: EvidenceHttpOptions): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post('/api/evidence', (c) =>
    answering(c, async () => {
      const actor = await signedIn(c, options);
      // Without the permission nothing is read; the operation refuses it again, and puts it on the record.
      const content = may(actor, 'evidence:upload') ? await readBody(c) : new Uint8Array();
      const { result } = await execute(
        options.db,
        uploadEvidence,
        { actor, now: options.clock(), request: c.get('request'), idempotencyKey: null },
        { filename: filenameOf(c), mediaType: c.req.header('content-type') ?? '', content },
      );
      return c.json(result, 201);
    }),
  );
  app.get('/api/evidence/:sha256', (c) =>
    answering(c, async () => {
      const actor = await signedIn(c, options);
      if (!may(actor, 'override:read')) throw new Refused('permission_missing', { permission: 'override:read' });
      const file = await readEvidence(options.db, c.req.param('sha256'));
      if (!file) throw new Refused('not_found', { what: 'evidence' });
      return c.body(new Uint8Array(file.content), 200, {
        'content-type': file.mediaType,
        // Never shown inside the console: whatever the file holds, it runs nowhere with a person's session.
        'content-disposition': `attachment; filename*=UTF-8''${encodeName(file.filename)}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
      });
    }),
  );
  return app;
}

async function answering(c: Context<HttpEnv>, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refused) return problem(c, error.refusal, c.get('request').requestId);
    throw error;
  }
}

async function signedIn(c: Context<HttpEnv>, { resolveActor }: EvidenceHttpOptions): Promise<Actor> {
  const actor = await resolveActor(c.req.raw.headers);
  if (!actor) throw new Refused('not_signed_in');
  return actor;
}

/** The body, up to one byte past the limit: enough to refuse it, never more in memory than that. */
async function readBody(c: Context<HttpEnv>): Promise<Uint8Array> {
  const tooLarge = () => new Refused('too_large', { limit: String(EVIDENCE_MAX_BYTES) });
  if (Number(c.req.header('content-length') ?? 0) > EVIDENCE_MAX_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > EVIDENCE_MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function filenameOf(c: Context<HttpEnv>): string {
  const header = c.req.header('x-filename');
  const malformed = new Refused('malformed', { field: 'x-filename', problem: 'the name, percent-encoded as UTF-8' });
  if (header === undefined) throw malformed;
  try {
    return decodeURIComponent(header);
  } catch {
    throw malformed;
  }
}

/** RFC 8187: percent-encoded UTF-8, with the characters that encodeURIComponent leaves and the grammar does not allow. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
