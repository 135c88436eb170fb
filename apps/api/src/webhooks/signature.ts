import { createHmac, randomBytes } from 'node:crypto';

/*
 * Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, under the bytes that the secret encodes.
 */

const SECRET_PREFIX = 'whsec_';
/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** A new signing secret, as receivers' libraries take it: `whsec_` and base64. */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** One signature: `v1,<base64>`. `at` is signed in whole seconds, as the header says it. */
export function sign(secret: string, id: string, at: Date, body: string): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key)
    .update(`${id}.${unixSeconds(at)}.${body}`)
    .digest('base64')}`;
}

/** The headers of a try. More than one secret makes more than one signature: a receiver takes the one that it can verify. */
export function signedHeaders(
  secrets: readonly string[],
  id: string,
  at: Date,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(unixSeconds(at)),
    'webhook-signature': secrets.map((secret) => sign(secret, id, at, body)).join(' '),
  };
}

function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}
