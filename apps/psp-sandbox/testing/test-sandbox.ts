import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { type SandboxSettings, startSandbox } from '../sandbox.ts';

export const SECRET_KEY = 'sk_test_of_the_tests';
export const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** A sandbox on a free port with books of its own, and the official SDK pointed at it. */
export interface TestSandbox {
  url: string;
  stripe: Stripe;
  /** Requests one of the sandbox's own routes, and returns its JSON. */
  own<Body>(path: string, body?: unknown): Promise<Body>;
  /** Moves the sandbox's clock; what falls due is done when this resolves, except for webhooks under way. */
  advance(ms: number): Promise<void>;
  books(filter?: string): Promise<Books>;
  stop(): Promise<void>;
}

export interface Books {
  movements: { direction: string; amount: number; balance_after: number; payout_id: string; provider_key: string }[];
  totals: {
    by_payout: { payout_id: string; debits: number; returns: number; paid_twice: boolean }[];
    paid_twice: number;
    balances: Record<string, number>;
  };
}

/** Payouts stand still until the clock is moved: no test depends on how fast the machine is. */
const STILL = { submitMs: 3_600_000, settleMs: 3_600_000, returnMs: 3_600_000 };

export async function startTestSandbox(
  overrides: Partial<Omit<SandboxSettings, 'webhooks'>> & { webhookUrl?: string; backoffMs?: number } = {},
): Promise<TestSandbox> {
  const { webhookUrl, backoffMs, ...settings } = overrides;
  const dataFolder = await mkdtemp(join(tmpdir(), 'psp-sandbox-'));
  const sandbox = await startSandbox({
    port: 0,
    dataFolder,
    secretKey: SECRET_KEY,
    webhooks: { url: webhookUrl ?? null, secret: WEBHOOK_SECRET, backoffMs: backoffMs ?? 5, timeoutMs: 10_000 },
    pace: STILL,
    lateMs: 60_000,
    slowMs: 3_600_000,
    schedule: null,
    realNow: Date.now,
    ...settings,
  });
  const own = ownApi(sandbox.url);
  return {
    url: sandbox.url,
    stripe: stripeClient(sandbox.url),
    own,
    advance: async (ms) => {
      await own('/__sandbox/clock', { advance_ms: ms });
    },
    books: (filter = '') => own<Books>(`/__sandbox/books${filter}`),
    stop: async () => {
      await sandbox.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Requests a route of the sandbox at `url`: GET without a body, POST with one. Throws when it is not answered 200. */
export function ownApi(url: string): TestSandbox['own'] {
  return async <Body>(path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(url + path, init);
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
}

/** The official SDK, with its own retries off, against a sandbox. */
export function stripeClient(url: string, secretKey = SECRET_KEY): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(secretKey, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 10_000,
  });
}
