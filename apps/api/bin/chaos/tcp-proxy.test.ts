import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CALM, type Fate } from './agenda.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let server: Server;
let got: string[];
const proxies: TcpProxy[] = [];
beforeEach(async () => {
  got = [];
  server = createServer((request, response) => {
    got.push(request.url ?? '');
    response.end('x'.repeat(2_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
  server.closeAllConnections();
  server.close();
});

async function proxyWith(...fates: Partial<Fate>[]): Promise<TcpProxy> {
  const { port } = server.address() as AddressInfo;
  const proxy = await openTcpProxy(
    () => port,
    (n) => ({ ...CALM, ...fates[n] }),
  );
  proxies.push(proxy);
  return proxy;
}

/** One request on a connection of its own: the length of its answer, or why there was none. */
async function get(proxy: TcpProxy, path: string): Promise<number | string> {
  try {
    const response = await fetch(`http://127.0.0.1:${proxy.port}${path}`, { headers: { connection: 'close' } });
    return (await response.text()).length;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? 'failed';
  }
}

test('hands on what it is given, and counts the connections', async () => {
  const proxy = await proxyWith();
  expect(await get(proxy, '/a')).toBe(2_000);
  expect(await get(proxy, '/b')).toBe(2_000);
  expect(got).toEqual(['/a', '/b']);
  expect(proxy.count()).toBe(2);
});

test('a request that dies on its way never arrives; an answer that dies was carried out', async () => {
  const proxy = await proxyWith({ dieAfterSent: 0 }, { dieAfterSent: 10 }, { dieAfterAnswered: 0 }, {});
  expect(await get(proxy, '/at-once')).toBe('ECONNRESET');
  expect(await get(proxy, '/in-the-middle')).not.toBe(2_000);
  expect(got).toEqual([]);
  expect(await get(proxy, '/answer')).not.toBe(2_000);
  expect(got).toEqual(['/answer']);
  expect(await get(proxy, '/whole')).toBe(2_000);
});

test('while it refuses, nobody is there; afterwards it is on the same port', async () => {
  const proxy = await proxyWith();
  const refusing = Promise.all([proxy.refuse(50), proxy.refuse(50)]);
  expect(await get(proxy, '/refused')).toBe('ECONNREFUSED');
  await refusing;
  expect(await get(proxy, '/again')).toBe(2_000);
  expect(got).toEqual(['/again']);
});

test('refuses also while a connection is stalled whose server is gone', async () => {
  const proxy = await proxyWith();
  const holding = createServer(() => undefined);
  await new Promise<void>((resolve) => holding.listen(0, '127.0.0.1', resolve));
  const { port } = holding.address() as AddressInfo;
  const through = await openTcpProxy(
    () => port,
    () => CALM,
  );
  proxies.push(through);
  const asking = get(through, '/a');
  await expect.poll(() => through.count()).toBe(1);
  through.stall(60_000);
  holding.closeAllConnections();
  holding.close();
  await through.refuse(1);
  expect(await asking).toBe('ECONNRESET');
  expect(await get(proxy, '/b')).toBe(2_000);
});

test('a stalled request is late, not lost; a calm proxy harms no new connection', async () => {
  const proxy = await proxyWith({ dieAfterSent: 0 }, { dieAfterSent: 0 });
  proxy.calm();
  proxy.stall(100);
  const startedAt = performance.now();
  expect(await get(proxy, '/late')).toBe(2_000);
  expect(performance.now() - startedAt).toBeGreaterThan(80);
});

test('cutting resets what is open', async () => {
  const proxy = await proxyWith({ delayMs: 10_000 });
  const asking = get(proxy, '/cut');
  await expect.poll(() => proxy.count()).toBe(1);
  proxy.cut();
  expect(await asking).toBe('ECONNRESET');
});
