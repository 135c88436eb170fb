import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_RESPONSE_BYTES, type Post, postMessage, type Resolve } from './post-message.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.behave(() => ({ status: 200 }));
});

const POST: Omit<Post, 'url'> = {
  headers: { 'content-type': 'application/json', 'webhook-id': 'wm_1' },
  body: '{"a":"ş"}',
  allowLocal: true,
  timeoutMs: 5_000,
};
const post = (over: Partial<Post> = {}) => postMessage({ ...POST, url: receiver.url, ...over });

describe('a try', () => {
  test('posts the body byte for byte, with its headers', async () => {
    receiver.behave(() => ({ status: 204 }));
    expect(await post()).toEqual({ kind: 'answered', status: 204, retryAfter: null, response: '' });
    expect(receiver.received).toMatchObject([
      { path: '/hooks', body: '{"a":"ş"}', headers: { 'webhook-id': 'wm_1', 'content-length': '10' } },
    ]);
  });

  test('keeps what was answered, Retry-After too', async () => {
    receiver.behave(() => ({ status: 503, headers: { 'retry-after': '120' }, body: 'later, please' }));
    expect(await post()).toEqual({ kind: 'answered', status: 503, retryAfter: '120', response: 'later, please' });
  });

  test('text that no database keeps is made storable', async () => {
    receiver.behave(() => ({ status: 500, body: 'a\u0000b' }));
    expect(await post()).toMatchObject({ response: 'a\ufffdb' });
  });

  test('does not follow a redirect', async () => {
    receiver.behave(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    expect(await post()).toMatchObject({ kind: 'answered', status: 307 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks']);
  });

  test('reads 4 KB of an answer without end, and hangs up', async () => {
    receiver.behave(() => ({ status: 200, endless: true }));
    const outcome = await post();
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
    expect(outcome.kind === 'answered' && outcome.response.length).toBe(MAX_RESPONSE_BYTES);
  });

  test('an answer whose body never ends is its status, once the time is over', async () => {
    receiver.behave(() => ({ status: 500, headers: { 'content-length': '10' }, body: '' }));
    expect(await post({ timeoutMs: 200 })).toMatchObject({ kind: 'answered', status: 500 });
  });
});

describe('no answer', () => {
  test('silence: timeout', async () => {
    receiver.behave(() => 'silence');
    expect(await post({ timeoutMs: 100 })).toEqual({ kind: 'failed', error: 'timeout' });
  });

  test('hung up: connection_lost', async () => {
    receiver.behave(() => 'hang_up');
    expect(await post()).toEqual({ kind: 'failed', error: 'connection_lost' });
  });

  test('nobody listens: connection_refused', async () => {
    const gone = await startReceiver();
    await gone.stop();
    expect(await post({ url: gone.url })).toEqual({ kind: 'failed', error: 'connection_refused' });
  });

  test.each([
    ['not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['a status that HTTP does not know', 'HTTP/1.1 099 What\r\ncontent-length: 0\r\n\r\n'],
  ])('%s: bad_response', async (_, answer) => {
    const server = createTcp((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await post({ url })).toEqual({ kind: 'failed', error: 'bad_response' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('no certificate that verifies: tls', async () => {
    // Plain HTTP where TLS is expected, and a server without any certificate.
    expect(await post({ url: receiver.url.replace('http:', 'https:') })).toEqual({ kind: 'failed', error: 'tls' });
    const server = createServer({});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await post({ url })).toEqual({ kind: 'failed', error: 'tls' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a name that does not exist: name_unknown', async () => {
    expect(await post({ url: 'https://no-such-host.invalid/' })).toEqual({ kind: 'failed', error: 'name_unknown' });
  });
});

describe('addresses of private networks', () => {
  test.each(['http://10.0.0.1/', 'https://169.254.169.254/', 'http://example.com/'])(
    '%s: not even called',
    async (url) => {
      expect(await post({ url })).toEqual({ kind: 'failed', error: 'address_refused' });
    },
  );

  test('this machine, where it is not allowed', async () => {
    expect(await post({ allowLocal: false })).toEqual({ kind: 'failed', error: 'address_refused' });
    const https = receiver.url.replace('http:', 'https:').replace('127.0.0.1', 'localhost');
    expect(await post({ url: https, allowLocal: false })).toEqual({ kind: 'failed', error: 'address_refused' });
    expect(receiver.received).toEqual([]);
  });

  test('a name that leads to this machine is refused at the connection, also where localhost is allowed', async () => {
    const asked: string[] = [];
    for (const bad of ['127.0.0.1', '::1', '10.0.0.8', '169.254.169.254', '::ffff:127.0.0.1']) {
      const resolve: Resolve = (host, _, done) => {
        asked.push(host);
        // One public address beside it does not make it better.
        const addresses = [{ address: '93.184.216.34', family: 4 }];
        done(null, [...addresses, { address: bad, family: bad.includes(':') ? 6 : 4 }]);
      };
      expect(await postMessage({ ...POST, url: 'https://rebound.example/' }, resolve), bad).toEqual({
        kind: 'failed',
        error: 'address_refused',
      });
    }
    expect(asked).toEqual(Array.from({ length: 5 }, () => 'rebound.example'));
  });
});
