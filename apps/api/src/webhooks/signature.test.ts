import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { newSecret, sign, signedHeaders } from './signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const AT = new Date(1_614_265_330_000);
const BODY = '{"test": 2432232314}';

/** The same computation written down once more from the specification, with WebCrypto instead of node's. */
async function bySpecification(secret: string, id: string, seconds: number, body: string): Promise<string> {
  const raw = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${seconds}.${body}`));
  return `v1,${Buffer.from(mac).toString('base64')}`;
}

describe('the signature', () => {
  test('is the one of the specification, and stays it', async () => {
    const signature = sign(SECRET, ID, AT, BODY);
    expect(signature).toBe(await bySpecification(SECRET, ID, 1_614_265_330, BODY));
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is what the official library computes, whatever is signed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        (key, body, ms) => {
          const secret = `whsec_${Buffer.from(key).toString('base64')}`;
          const at = new Date(ms);
          expect(sign(secret, ID, at, body)).toBe(new Webhook(secret).sign(ID, at, body));
        },
      ),
    );
  });
});

describe('the headers', () => {
  const now = new Date();

  test('verify in the official library', () => {
    const secret = newSecret();
    expect(new Webhook(secret).verify(BODY, signedHeaders([secret], ID, now, BODY))).toEqual({ test: 2432232314 });
  });

  test('carry two signatures while two secrets are in force: either verifies, a third does not', () => {
    const [fresh, old, foreign] = [newSecret(), newSecret(), newSecret()];
    const headers = signedHeaders([fresh, old], ID, now, BODY);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [fresh, old]) expect(new Webhook(secret).verify(BODY, headers)).toBeTruthy();
    expect(() => new Webhook(foreign).verify(BODY, headers)).toThrow('No matching signature');
    expect(() => new Webhook(fresh).verify(BODY.replace('4', '5'), headers)).toThrow('No matching signature');
    expect(() => new Webhook(fresh).verify(BODY, { ...headers, 'webhook-id': 'other' })).toThrow('No matching');
  });

  test('say the time in whole seconds', () => {
    expect(signedHeaders([SECRET], ID, new Date(1_614_265_330_999), BODY)['webhook-timestamp']).toBe('1614265330');
  });
});

test('secrets are of 32 random bytes, each another', () => {
  const secrets = Array.from({ length: 50 }, newSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  }
});
