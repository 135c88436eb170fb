import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup } from 'node:dns';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { storable } from '../core/canonical-json.ts';
import type { TryError, TryOutcome } from './delivery.ts';
import { decideUrl, hostOf, mayConnect } from './endpoint-url.ts';

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** See UrlRules in endpoint-url.ts. */
  allowLocal: boolean;
  /** For everything together: finding the name, connecting, sending, and the answer; ms. */
  timeoutMs: number;
}

/** How much of an answer is kept; the rest is not even read. */
export const MAX_RESPONSE_BYTES = 4_096;

/**
 * Makes one try. Never throws: what went wrong is an outcome. Redirects are answers like any other and are not followed;
 * certificates are verified; where the name leads is judged at the connection itself, so that a name that changes between the
 * look and the call changes nothing. A connection serves one request.
 */
export function postMessage(
  { url: text, headers, body, allowLocal, timeoutMs }: Post,
  resolveName: Resolve = lookup,
): Promise<TryOutcome> {
  if (decideUrl(text, { allowLocal })) return Promise.resolve({ kind: 'failed', error: 'address_refused' });
  const url = new URL(text);
  return new Promise((resolve) => {
    let response: IncomingMessage | null = null;
    let request: ClientRequest | null = null;
    const chunks: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    const settle = (outcome: TryOutcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request?.destroy();
      resolve(outcome);
    };
    // Its status is the answer: what becomes of the rest of its body changes nothing.
    const answered = (message: IncomingMessage) => {
      const status = message.statusCode ?? 0;
      // The parser takes any three digits; below 100 there is no HTTP.
      if (status < 100) return settle({ kind: 'failed', error: 'bad_response' });
      settle({
        kind: 'answered',
        status,
        retryAfter: message.headers['retry-after'] ?? null,
        response: storable(Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8')),
      });
    };
    const failed = (error: TryError) => (response ? answered(response) : settle({ kind: 'failed', error }));

    timer = setTimeout(() => failed('timeout'), timeoutMs);
    request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      lookup: guardedLookup(allowLocal, resolveName),
    });
    request.on('error', (error) => failed(errorOf(error)));
    request.on('response', (message) => {
      response = message;
      let size = 0;
      message.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MAX_RESPONSE_BYTES) answered(message);
      });
      message.on('end', () => answered(message));
      message.on('error', () => answered(message));
      message.on('close', () => answered(message));
    });
    request.end(body);
  });
}

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a name to all of its addresses, as the system does. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Refuses a name as soon as one of its addresses is not a public host's. */
function guardedLookup(allowLocal: boolean, resolveName: Resolve) {
  return (host: string, options: LookupOptions, done: LookupDone): void => {
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error('no address'), []);
      const bad = addresses.find(({ address }) => !mayConnect(host, address, { allowLocal }));
      if (bad) return done(new AddressRefused(`${host} leads to ${bad.address}`), []);
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

const BY_CODE: Readonly<Record<string, TryError>> = {
  ENOTFOUND: 'name_unknown',
  EAI_AGAIN: 'name_unknown',
  EAI_NODATA: 'name_unknown',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  ETIMEDOUT: 'timeout',
};
/** Certificates that do not verify, and handshakes that fail. */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_)/;

function errorOf(error: Error & { code?: string }): TryError {
  if (error instanceof AddressRefused) return 'address_refused';
  const code = error.code ?? '';
  if (TLS_CODE.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return 'bad_response';
  return BY_CODE[code] ?? 'connection_lost';
}

/** The host that a try goes to, for a log line: never its path, which may hold a secret of the receiver's. */
export function hostOfUrl(url: string): string {
  return hostOf(new URL(url));
}
