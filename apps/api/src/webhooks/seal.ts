import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps secrets so that the database alone does not tell them. */
export interface Seal {
  /** The text, sealed for the thing named `owner`: it opens for no other. */
  close(text: string, owner: string): string;
  /** Throws when it was sealed under another key, for another owner, or changed since. */
  open(sealed: string, owner: string): string;
}

const VERSION = 's1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key that HKDF-SHA256 derives from `secret` (AUTH_SECRET) with a label of its own. */
export function openSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'countersign webhook secrets v1', 32));
  return {
    close(text, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    open(sealed, owner) {
      const [version, data = ''] = sealed.split('.', 2);
      if (version !== VERSION) throw new Error('The secret is sealed in a way that this version does not know.');
      const bytes = Buffer.from(data, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}

/** What an installation says about its webhooks: read from the environment by `bin`. */
export interface WebhookSettings {
  seal: Seal;
  /** See UrlRules in endpoint-url.ts. */
  allowLocal: boolean;
}
