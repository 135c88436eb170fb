import http from 'node:http';
import https from 'node:https';
import Stripe from 'stripe';

/** The code of a connection that was closed before its answer came, once the SDK may see it. */
const CONNECTION_CLOSED = 'CONNECTION_CLOSED';

/** An answer that took longer in all than it may. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * The official SDK, for exactly one HTTP request a call.
 *
 * Two of its habits are switched off. It sends a request again by itself when the connection was reset, even with
 * `maxNetworkRetries: 0`; our attempts own retrying, so a reset is renamed before the SDK sees it. And it keeps
 * connections open for the next call; one that went stale meanwhile is indistinguishable from an answer that was lost,
 * so each call opens its own.
 */
export function createStripeClient(options: { secretKey: string; baseUrl?: string; timeoutMs: number }): Stripe {
  const base = new URL(options.baseUrl ?? 'https://api.stripe.com');
  const insecure = base.protocol === 'http:';
  const agent = insecure ? new http.Agent({ keepAlive: false }) : new https.Agent({ keepAlive: false });
  return new Stripe(options.secretKey, {
    host: base.hostname,
    port: base.port === '' ? (insecure ? 80 : 443) : base.port,
    protocol: insecure ? 'http' : 'https',
    timeout: options.timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: singleShot(Stripe.createNodeHttpClient(agent)),
  });
}

type HttpClient = InstanceType<typeof Stripe.HttpClient>;

/** Wraps a client so that a closed connection does not look like one that the SDK sends again. */
function singleShot(client: HttpClient): HttpClient {
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...request) => {
      try {
        return await client.makeRequest(...request);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error;
        throw Object.assign(new Error(`The connection was closed (${code}).`, { cause: error }), {
          code: CONNECTION_CLOSED,
        });
      }
    },
  };
}

/**
 * The answer, or DeadlineError after `ms`. The SDK's own timeout bounds each silence on the wire; a provider that sends
 * a byte now and then would otherwise hold a call for ever.
 */
export async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`No complete answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
