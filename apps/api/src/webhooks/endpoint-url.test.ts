import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideUrl, isPublicAddress, mayConnect } from './endpoint-url.ts';

const why = (url: string, allowLocal = false) => decideUrl(url, { allowLocal })?.params?.why ?? null;

describe('an address', () => {
  test.each([
    'https://example.com/hooks?key=1',
    'https://example.com:8443/',
    'https://münchen.example/',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
  ])('taken: %s', (url) => {
    expect(why(url)).toBeNull();
    expect(why(url, true)).toBeNull();
  });

  test.each([
    ['', 'not_a_url'],
    ['example.com/hooks', 'not_a_url'],
    ['ftp://example.com/', 'not_a_url'],
    ['file:///etc/passwd', 'not_a_url'],
    ['javascript:alert(1)', 'not_a_url'],
    ['http://example.com/', 'not_https'],
    ['https://user:secret@example.com/', 'credentials'],
    ['https://user@example.com/', 'credentials'],
    ['https://10.0.0.1/', 'private_address'],
    ['https://192.168.1.1/', 'private_address'],
    ['https://169.254.169.254/latest/meta-data/', 'private_address'],
    ['https://[fd00:ec2::254]/', 'private_address'],
    ['https://[fe80::1]/', 'private_address'],
    ['https://[::ffff:10.0.0.1]/', 'private_address'],
    ['https://[::ffff:127.0.0.1]/', 'private_address'],
    ['https://0.0.0.0/', 'private_address'],
    ['https://0x0a000001/', 'private_address'],
    ['https://167772161/', 'private_address'],
    ['https://012.0.0.1/', 'private_address'],
    ['https://10.1/', 'private_address'],
  ])('refused: %s: %s', (url, fault) => {
    expect(why(url)).toBe(fault);
    expect(why(url, true)).toBe(fault);
  });

  test.each(['http://localhost:4551/hooks', 'https://localhost/', 'http://127.0.0.1:8080/', 'http://[::1]:8080/'])(
    'on this machine, %s: only where that is allowed',
    (url) => {
      expect(why(url)).toBe(url.startsWith('https') ? 'private_address' : 'not_https');
      expect(why(url, true)).toBeNull();
    },
  );
});

describe('where a name leads', () => {
  test('a public name to a public host only, also where this machine is allowed', () => {
    for (const allowLocal of [false, true]) {
      expect(mayConnect('hooks.example.com', '93.184.216.34', { allowLocal })).toBe(true);
      for (const address of ['127.0.0.1', '::1', '10.0.0.8', '169.254.169.254', 'fd00::1', '::ffff:10.0.0.8']) {
        expect(mayConnect('hooks.example.com', address, { allowLocal }), address).toBe(false);
      }
    }
  });

  test('localhost to this machine, where that is allowed, and nowhere else', () => {
    expect(mayConnect('localhost', '127.0.0.1', { allowLocal: true })).toBe(true);
    expect(mayConnect('localhost', '::1', { allowLocal: true })).toBe(true);
    expect(mayConnect('localhost', '127.0.0.1', { allowLocal: false })).toBe(false);
    expect(mayConnect('localhost', '10.0.0.1', { allowLocal: true })).toBe(false);
  });
});

describe('public addresses', () => {
  test.each([
    '0.1.2.3',
    '10.255.255.255',
    '100.64.0.1',
    '127.8.8.8',
    '169.254.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.0.1',
    '198.19.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    '3fff::1',
    'fc00::1',
    'fe80::1',
    'ff02::1',
    'not an address',
  ])('not %s', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each([
    '8.8.8.8',
    '100.128.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(true));

  test('no IPv4 address becomes public by being written into an IPv6 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (v4) => {
        expect(isPublicAddress(`::ffff:${v4}`)).toBe(false);
        expect(isPublicAddress(`64:ff9b::${v4}`)).toBe(false);
      }),
    );
  });
});
