import type { Permission } from '@countersign/api/src/identity/permission.ts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { queryClient, trpc } from './trpc.ts';

/** A signed-in person, with what they may do. */
export type Session = NonNullable<ReturnType<typeof useSession>>;

/** Who is signed in, or null. The routes behind the sign-in have asked before they render, so this never waits there. */
export function useSession() {
  return useSuspenseQuery(trpc.session.me.queryOptions()).data;
}

/** Whether the person holds a permission. It only greys; the server decides. */
export function useMay(): (permission: Permission) => boolean {
  const session = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}

/** Asks the server who is signed in, once; later calls read what is known. */
export function loadSession() {
  return queryClient.ensureQueryData(trpc.session.me.queryOptions());
}

export type SignInOutcome = 'signed_in' | 'wrong' | 'too_many' | 'unreachable';

/** Signs in with e-mail and password. One fetch is all of the auth client that this page needs. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post('/api/auth/sign-in/email', { email, password });
  if (!response) return 'unreachable';
  if (response.status === 429) return 'too_many';
  if (response.status >= 500) return 'unreachable';
  if (!response.ok) return 'wrong';
  queryClient.clear();
  return 'signed_in';
}

/** Ends the session and forgets everything that was read under it. False when the server could not be reached. */
export async function signOut(): Promise<boolean> {
  const response = await post('/api/auth/sign-out', {});
  if (!response?.ok) return false;
  queryClient.clear();
  return true;
}

async function post(url: string, body: unknown): Promise<Response | null> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    });
  } catch {
    return null;
  }
}
