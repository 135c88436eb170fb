import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../core/actor.ts';

/** What a key may carry; each is named by a permission in `permission.ts`. */
export const API_SCOPES = ['payouts:read', 'payouts:write'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** A machine's key as we keep it: never the secret, only its hash. */
export interface ApiKey {
  id: string;
  name: string;
  /** SHA-256 of the secret, lower-case hex. The secret has 256 random bits, so a slow hash would add nothing. */
  keyHash: string;
  scopes: readonly string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/** A new secret, `csk_<prefix>_<random>`. It is shown once; `hashApiKey` of it is what is stored. The prefix tells keys apart in logs. */
export function mintApiKey(prefix: string): string {
  if (!/^[a-z0-9]{1,16}$/.test(prefix)) throw new Error('a key prefix is 1 to 16 lower-case letters and digits');
  return `csk_${prefix}_${randomBytes(32).toString('base64url')}`;
}

export function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The secret in an `Authorization: Bearer …` header; null when there is none. */
export function bearerSecret(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{8,200})$/i.exec(header ?? '')?.[1] ?? null;
}

/** Whether the secret is this key's and the key may be used at `now`. Compares in constant time. */
export function opens(key: ApiKey, secret: string, now: Date): boolean {
  const same = timingSafeEqual(Buffer.from(hashApiKey(secret), 'hex'), Buffer.from(key.keyHash, 'hex'));
  return same && key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt);
}

/** The machine that holds the key. */
export function machineOf(key: ApiKey): Extract<Actor, { kind: 'machine' }> {
  return { kind: 'machine', id: key.id, label: key.name, scopes: key.scopes };
}
