import { describe, expect, it } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { ago } from '../testing/payout-samples.ts';
import { type ApiKey, bearerSecret, hashApiKey, machineOf, mintApiKey, opens } from './api-key.ts';

const secret = mintApiKey('test');
const key: ApiKey = {
  id: '01930000-0000-7000-8000-000000000001',
  name: 'marketplace-api',
  keyHash: hashApiKey(secret),
  scopes: ['payouts:read'],
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
};

describe('minting', () => {
  it('makes csk_<prefix>_<256 random bits>, never twice the same', () => {
    const made = Array.from({ length: 200 }, () => mintApiKey('demo'));
    for (const one of made) expect(one).toMatch(/^csk_demo_[A-Za-z0-9_-]{43}$/);
    expect(new Set(made).size).toBe(made.length);
  });

  it.each(['', 'Demo', 'de mo', 'x'.repeat(17), 'a_b'])('refuses the prefix %j', (prefix) => {
    expect(() => mintApiKey(prefix)).toThrow();
  });

  it('keeps the SHA-256 of the secret, not the secret', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('the Authorization header', () => {
  it.each([
    [`Bearer ${secret}`, secret],
    [`bearer ${secret}`, secret],
    [`BEARER   ${secret}`, secret],
    ['Bearer a-key-of-their-own', 'a-key-of-their-own'],
    [undefined, null],
    ['', null],
    ['Bearer', null],
    ['Bearer ', null],
    [secret, null],
    [`Basic ${secret}`, null],
    [`Bearer ${secret} extra`, null],
    [`Bearer ${'x'.repeat(201)}`, null],
    ['Bearer short', null],
    ['Bearer with\u0000nul-inside', null],
  ])('case %#', (header, expected) => {
    expect(bearerSecret(header)).toBe(expected);
  });
});

describe('opening', () => {
  it.each([
    ['never expires', {}, true],
    ['expires later', { expiresAt: ago(-1) }, true],
    ['expires now', { expiresAt: NOW }, false],
    ['expired', { expiresAt: ago(1) }, false],
    ['revoked', { revokedAt: ago(1) }, false],
  ] as const)('%s: %s', (_, over, expected) => {
    expect(opens({ ...key, ...over }, secret, NOW)).toBe(expected);
  });

  it('another secret does not', () => {
    expect(opens(key, mintApiKey('test'), NOW)).toBe(false);
    expect(opens(key, `${secret} `, NOW)).toBe(false);
  });

  it('stands for a machine with the key’s scopes', () => {
    expect(machineOf(key)).toEqual({ kind: 'machine', id: key.id, label: 'marketplace-api', scopes: ['payouts:read'] });
  });
});
