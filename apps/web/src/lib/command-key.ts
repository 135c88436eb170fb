/**
 * A new idempotency key. Minted when a dialog opens, not when its button is pressed: a double click and a repeat after
 * a lost answer then carry the same key, and the server does the thing once. `crypto.randomUUID` is not there on plain
 * http outside localhost, so the bits are taken from `getRandomValues`.
 */
export function mintCommandKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
