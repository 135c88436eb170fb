import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/runtime/embedded-postgres.ts';
import { waitUntil } from '../supervise.ts';
import { fateOf, type Link, PROVIDER_FAULTS, VICTIMS, type Victim } from './agenda.ts';
import { type ChaosDatabase, startChaosDatabase } from './database.ts';
import { type Part, startPart } from './processes.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** How long a provider may be silent in these runs, ms: a hanging answer must not hold a worker for half a minute. */
const PROVIDER_TIMEOUT_MS = 1_500;

/** The whole product in real processes, with a proxy on every connection between them. */
export interface Stack {
  database: ChaosDatabase;
  parts: Record<Victim, Part>;
  links: Record<Link, TcpProxy>;
  /** Ports of the apis through the proxies, as clients and operators see them. */
  apiPorts: readonly number[];
  /** The first api's own port, for signing in. */
  signInPort: number;
  /** The sandbox without a proxy: for the provider's own books. */
  sandboxUrl: string;
  apiKey: string;
  /** Stops everything that was started, in reverse. */
  stop(): Promise<void>;
}

/** Starts it all with its data in `folder`. `unsafe` switches a rule of safety off, for the run that shows the checker sees. */
export async function startStack(options: { folder: string; seed: number; unsafe: boolean }): Promise<Stack> {
  const { folder, seed } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const database = await startChaosDatabase(join(folder, 'postgres'));
    stops.push(() => database.stop());
    const [sandboxPort, api1, api2] = [await freePort(), await freePort(), await freePort()];
    const proxy = async (link: Link, target: () => number) => {
      const opened = await openTcpProxy(target, (n) => fateOf(seed, link, n));
      stops.push(() => opened.close());
      return opened;
    };
    const postgresProxy = await proxy('processes-postgres', database.port);
    const providerProxy = await proxy('processes-provider', () => sandboxPort);
    // One door for clients and one for the provider's events, each to both apis in turn.
    let turn = 0;
    const eitherApi = () => (turn++ % 2 === 0 ? api1 : api2);
    const clientsProxy = await proxy('clients-api', eitherApi);
    const webhooksProxy = await proxy('provider-webhooks', eitherApi);
    const links = {
      'clients-api': clientsProxy,
      'processes-provider': providerProxy,
      'provider-webhooks': webhooksProxy,
      'processes-postgres': postgresProxy,
    };

    const shared: NodeJS.ProcessEnv = {
      PATH: process.env.PATH,
      DATABASE_URL: database.urlThrough(postgresProxy.port),
      AUTH_SECRET: randomBytes(32).toString('base64url'),
      PSP_SANDBOX_PORT: String(providerProxy.port),
      PROVIDER_TIMEOUT_MS: String(PROVIDER_TIMEOUT_MS),
      WORKER_CONCURRENCY: '8',
      LOG_LEVEL: 'warn',
      ...(options.unsafe ? { NODE_ENV: 'test', COUNTERSIGN_CHAOS_UNSAFE: 'unknown_mints_new_attempt' } : {}),
    };
    const sandboxEnv: NodeJS.ProcessEnv = {
      PATH: process.env.PATH,
      PSP_SANDBOX_PORT: String(sandboxPort),
      PSP_SANDBOX_DATA: join(folder, 'psp-sandbox'),
      PSP_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${webhooksProxy.port}/webhooks/stripe`,
      PSP_SANDBOX_WEBHOOK_BACKOFF_MS: '200',
      PSP_SANDBOX_WEBHOOK_TIMEOUT_MS: '3000',
      PSP_SANDBOX_SUBMIT_MS: '300',
      PSP_SANDBOX_SETTLE_MS: '2000',
      PSP_SANDBOX_RETURN_MS: '3000',
      PSP_SANDBOX_LATE_WEBHOOK_MS: '6000',
      PSP_SANDBOX_SLOW_MS: '3000',
    };
    const part = (name: Victim): Part => {
      const isWorker = name.startsWith('worker');
      const entry =
        name === 'sandbox'
          ? 'apps/psp-sandbox/server.ts'
          : isWorker
            ? 'apps/api/bin/worker.ts'
            : 'apps/api/bin/server.ts';
      const env = name === 'sandbox' ? sandboxEnv : { ...shared, PORT: String(name === 'api-2' ? api2 : api1) };
      const started = startPart({ name, entry: join(root, entry), cwd: root, env, folder });
      stops.push(() => started.stop());
      return started;
    };
    const parts = Object.fromEntries(VICTIMS.toReversed().map((name) => [name, part(name)])) as Record<Victim, Part>;
    const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    await waitUntil('the psp-sandbox', `${sandboxUrl}/healthz`);
    for (const port of [api1, api2]) await waitUntil('the api', `http://127.0.0.1:${port}/healthz`);
    await setFaults(sandboxUrl, { seed, rates: PROVIDER_FAULTS });
    return {
      database,
      parts,
      links,
      apiPorts: [clientsProxy.port],
      signInPort: api1,
      sandboxUrl,
      apiKey: `csk_chaos_${randomBytes(24).toString('base64url')}`,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Has the provider misbehave by these rates from now on. */
export async function setFaults(
  sandboxUrl: string,
  schedule: { seed: number; rates: Readonly<Record<string, number>> },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`${sandboxUrl}/__sandbox/schedule`, {
      method: 'PUT',
      body: JSON.stringify(schedule),
    }).catch(() => null);
    if (response?.ok) return;
    if (tries >= 50 || response?.status === 400)
      throw new Error(`The sandbox took no schedule: ${await response?.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
