import type { Refusal, RefusalCode } from '@countersign/api/src/core/refusal.ts';
import type { Text, TextKey } from './i18n.ts';

/** What came instead of an answer, in the terms a person needs. */
export type Failure =
  /** An expected no, with its reason. Nothing was changed. */
  | { kind: 'refusal'; refusal: Refusal; reference: string | null }
  /** The server failed, or could not be reached. For a command the outcome is then unknown, never "failed". */
  | { kind: 'fault'; reached: boolean; reference: string | null };

/**
 * Reads what a tRPC call threw. The server puts the refusal and the request id into the error's data; anything that
 * carries neither never came from our server.
 */
export function readFailure(error: unknown): Failure {
  const data = member(error, 'data');
  const refusal = member(data, 'refusal');
  const requestId = member(data, 'requestId');
  const reference = typeof requestId === 'string' ? requestId : null;
  if (isRefusal(refusal)) return { kind: 'refusal', refusal, reference };
  return { kind: 'fault', reached: data !== undefined && data !== null, reference };
}

/** Whether the answer was that nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  const failure = readFailure(error);
  if (failure.kind === 'refusal') return failure.refusal.code === 'not_signed_in';
  return member(member(error, 'data'), 'code') === 'UNAUTHORIZED';
}

/** The sentence of a refusal, in the person's language. A code newer than this page is said as it is. */
export function refusalText(t: Text, { code, params }: Refusal): string {
  const key: TextKey = `refusals.${code}`;
  // Sentences name their placeholders; the codes of a union cannot be told apart here.
  const say = t as (key: TextKey, params?: Record<string, string>) => string;
  const sentence = say(key, params);
  return sentence === key ? code : sentence;
}

/** The short form for the face of a disabled button: "Retry: money is moving". */
export function refusalReason(t: Text, refusal: Refusal): string {
  const key: TextKey = `refusalReasons.${refusal.code}`;
  const reason = t(key);
  return reason === key ? refusal.code : reason;
}

/** What a button that the server would refuse says: short on its face, whole in its tooltip. Null where it may act. */
export function whyNot(t: Text, refusal: Refusal | null): { short: string; sentence: string } | null {
  return refusal && { short: refusalReason(t, refusal), sentence: refusalText(t, refusal) };
}

function isRefusal(value: unknown): value is Refusal {
  return typeof member(value, 'code') === 'string' && (member(value, 'code') as RefusalCode).length > 0;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
