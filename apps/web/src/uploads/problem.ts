import type { Refusal } from '@countersign/api/src/core/refusal.ts';

/** The members of a JSON object; none for any other text, such as a proxy's page in place of our answer. */
export function readMembers(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * The refusal inside an RFC 9457 problem document; null for an answer that is none, so that what was asked for is
 * neither done nor refused as far as anyone can tell.
 */
export function readRefusal(status: number, body: Record<string, unknown>): Refusal | null {
  if (status < 400 || status >= 500 || typeof body.code !== 'string') return null;
  const code = body.code as Refusal['code'];
  return isParams(body.params) ? { code, params: body.params } : { code };
}

const INSTANCE = 'urn:countersign:request:';

/** The request id to quote, from a problem document's `instance`. */
export function readReference(body: Record<string, unknown>): string | null {
  const { instance } = body;
  return typeof instance === 'string' && instance.startsWith(INSTANCE) ? instance.slice(INSTANCE.length) : null;
}

function isParams(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}
