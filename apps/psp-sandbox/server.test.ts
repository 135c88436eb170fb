import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Books, ownApi, SECRET_KEY, stripeClient, WEBHOOK_SECRET } from './testing/test-sandbox.ts';
import { startWebhookReceiver } from './testing/webhook-receiver.ts';

interface Run {
  child: ChildProcess;
  /** Resolves with the address once the process says that it listens; rejects when it ends before. */
  url: Promise<string>;
  exit: Promise<{ code: number | null; output: string }>;
}

let dataFolder: string;
const running = new Set<ChildProcess>();
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'psp-sandbox-'));
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(dataFolder, { recursive: true, force: true });
});

/** Starts `server.ts` in a process of its own. */
function run(env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    env: {
      PSP_SANDBOX_PORT: '0',
      PSP_SANDBOX_DATA: dataFolder,
      PSP_SANDBOX_SECRET_KEY: SECRET_KEY,
      PSP_SANDBOX_WEBHOOK_SECRET: WEBHOOK_SECRET,
      PSP_SANDBOX_WEBHOOK_URL: '',
      PSP_SANDBOX_SUBMIT_MS: '0',
      PSP_SANDBOX_SETTLE_MS: '0',
      PSP_SANDBOX_WEBHOOK_BACKOFF_MS: '20',
      ...env,
    },
  });
  running.add(child);
  let output = '';
  const exit = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, output });
    });
  });
  const url = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const address = /listening on (http:\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    exit.then(() => reject(new Error(`ended: ${output}`)));
  });
  url.catch(() => output);
  return { child, url, exit };
}

it('survives kill -9: the books, the keys, and the events that were not delivered', async () => {
  const receiver = await startWebhookReceiver();
  try {
    // Nobody listens on port 1, so every delivery of the first run fails.
    const first = run({ PSP_SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:1/', PSP_SANDBOX_SETTLE_MS: '3600000' });
    const send = async (url: string) =>
      stripeClient(url).payouts.create(
        { amount: 4_200, currency: 'eur', metadata: { payout_id: 'p-1' } },
        { idempotencyKey: 'key-1' },
      );
    const firstUrl = await first.url;
    const payout = await send(firstUrl);
    const before = await ownApi(firstUrl)<Books>('/__sandbox/books');
    first.child.kill('SIGKILL');
    await first.exit;

    const second = run({ PSP_SANDBOX_WEBHOOK_URL: receiver.url });
    const secondUrl = await second.url;
    // Nothing is asked of it before, so the start alone must send what was due.
    const [webhook] = await receiver.first(1);
    expect(webhook?.event).toMatchObject({ data: { object: { id: payout.id } } });
    expect(await ownApi(secondUrl)('/__sandbox/books')).toEqual(before);
    expect((await send(secondUrl)).id).toBe(payout.id);
    await ownApi(secondUrl)('/__sandbox/clock', { advance_ms: 3_600_000 });
    const types = (await receiver.first(3)).map(({ event }) => event.type);
    expect(types.sort()).toEqual(['payout.created', 'payout.paid', 'payout.updated']);

    second.child.kill('SIGTERM');
    expect((await second.exit).code).toBe(0);
  } finally {
    await receiver.close();
  }
});

it('stops cleanly while a caller hangs', async () => {
  const server = run();
  const url = await server.url;
  const hanging = fetch(`${url}/v1/payouts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
    body: 'amount=666022&currency=eur&metadata[payout_id]=p-hang',
  });
  const ended = expect(hanging).rejects.toThrow();
  await expect.poll(async () => (await ownApi(url)<Books>('/__sandbox/books')).movements.length).toBe(1);
  server.child.kill('SIGINT');
  expect((await server.exit).code).toBe(0);
  await ended;
});

it('says in one sentence that the port is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, output } = await run({ PSP_SANDBOX_PORT: String(port) }).exit;
  expect({ code, output }).toEqual({
    code: 1,
    output: `psp-sandbox: Port ${port} is taken; stop what listens there, or set PSP_SANDBOX_PORT to another port.\n`,
  });
  await new Promise((resolve) => other.close(resolve));
});

it('says in one sentence that a setting is wrong', async () => {
  const { code, output } = await run({ PSP_SANDBOX_SETTLE_MS: 'soon' }).exit;
  expect(code).toBe(1);
  expect(output).toBe('psp-sandbox: PSP_SANDBOX_SETTLE_MS must be a whole number from 0 to 2147483647, not "soon".\n');
});

it('takes a schedule of faults from its settings, and keeps one that it was told over a restart', async () => {
  const first = run({ PSP_SANDBOX_SCHEDULE: '{"seed":5,"rates":{"webhook_late":1}}' });
  const firstUrl = await first.url;
  expect(await ownApi(firstUrl)('/__sandbox/schedule')).toEqual({ seed: 5, rates: { webhook_late: 1 } });
  await fetch(`${firstUrl}/__sandbox/schedule`, { method: 'PUT', body: '{"seed":6,"rates":{}}' });
  first.child.kill('SIGKILL');
  await first.exit;
  const second = run();
  expect(await ownApi(await second.url)('/__sandbox/schedule')).toEqual({ seed: 6, rates: {} });
});

it.each([
  ['{"seed":1', 'it is not JSON.'],
  ['{"seed":1,"rates":{"nope":1}}', 'Unknown sandbox fault "nope"; GET /__sandbox/faults lists them.'],
])('says in one sentence that the schedule %s is wrong', async (text, why) => {
  const { code, output } = await run({ PSP_SANDBOX_SCHEDULE: text }).exit;
  expect(code).toBe(1);
  expect(output).toBe(`psp-sandbox: PSP_SANDBOX_SCHEDULE cannot be used: ${why}\n`);
});
