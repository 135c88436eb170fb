import { hashPassword, verifyPassword } from 'better-auth/crypto';

/**
 * A password as sign-in checks it (scrypt, with a salt of its own each time). `current` comes back as it is when it is
 * that password's already, so that writing it again changes nothing.
 */
export async function passwordHash(password: string, current: string | null = null): Promise<string> {
  if (current !== null && (await verifyPassword({ hash: current, password }))) return current;
  return hashPassword(password);
}
