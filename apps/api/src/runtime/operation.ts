import type { z } from 'zod';
import { appendAudit } from '../audit/audit.store.ts';
import type { Act, RequestInfo, Subject } from '../audit/audit-event.ts';
import { type Actor, actorKey } from '../core/actor.ts';
import { canonicalHash, hasUnstorableText, storable } from '../core/canonical-json.ts';
import { Refused } from '../core/refusal.ts';
import { may, type Permission } from '../identity/permission.ts';
import { type Db, sqlState, type Tx } from './db.ts';
import { claimKey, type KeyUse, saveResult } from './idempotency.store.ts';

/** Who asks, when, from where, and under which idempotency key (null only for jobs and reads that cannot repeat). */
export interface Call {
  actor: Actor;
  now: Date;
  request: RequestInfo;
  idempotencyKey: string | null;
}

/** What a verb gets: its transaction, and the call. */
export interface Scope extends Call {
  tx: Tx;
}

/** What a verb gives back: the stored, replayable answer, and its audit row (null only when nothing was changed). */
export interface Done<R> {
  result: R;
  audit: { subject: Subject; before?: unknown; after?: unknown; reason?: string | null; act?: Act } | null;
}

export interface Operation<I, R, In = unknown> {
  /** `module.verb`, as in `payouts.retry`. */
  name: string;
  permission: Permission;
  act: Act;
  input: z.ZodType<I, In>;
  /** What a refused try was about; the input is known to be well-formed here. */
  subject: (input: I) => Subject | null;
  /** The verb. Throws Refused for an expected no. JSON-plain results only: they are stored and replayed. */
  run: (scope: Scope, input: I) => Promise<Done<R>>;
}

/** Declares a command. See `execute` for the order in which it happens. */
export function defineOperation<I, R, In>(operation: Operation<I, R, In>): Operation<I, R, In> {
  return operation;
}

export interface Answer<R> {
  result: R;
  /** Whether this is the stored answer of an earlier call under the same key. */
  replayed: boolean;
}

/** Deadlock and serialization failures roll everything back, so running again is the same as running once. */
const RERUN_SQLSTATES = new Set(['40001', '40P01']);
const MAX_RUNS = 3;

/**
 * The only place that opens a write transaction for a command: permission → begin → idempotency key → run → audit →
 * commit. A refusal rolls everything back, frees the key, leaves an audit row of its own, and is thrown as Refused.
 */
export async function execute<I, R, In>(
  db: Db,
  operation: Operation<I, R, In>,
  call: Call,
  raw: unknown,
): Promise<Answer<R>> {
  const given = read(operation, raw);
  try {
    if (!may(call.actor, operation.permission)) {
      throw new Refused('permission_missing', { permission: operation.permission });
    }
    if ('malformed' in given) throw given.malformed;
    return await withReruns(() => inTransaction(db, operation, call, given.input));
  } catch (error) {
    if (error instanceof Refused) {
      await auditRefusal(db, operation, call, 'input' in given ? operation.subject(given.input) : null, error);
    }
    throw error;
  }
}

/** The input as the operation takes it, or the refusal that names what is wrong with it. */
function read<I, R>(operation: Operation<I, R>, raw: unknown): { input: I } | { malformed: Refused } {
  const parsed = operation.input.safeParse(raw);
  if (parsed.success && !hasUnstorableText(parsed.data)) return { input: parsed.data };
  const issue = parsed.error?.issues[0];
  const problem = parsed.success ? 'text with a NUL or half a character' : (issue?.message ?? '');
  // Field names and messages may quote the caller: cut, and made storable for the audit row.
  const quote = (text: string) => storable(text.slice(0, 200));
  const field = issue?.path.map(String).join('.') ?? '';
  return { malformed: new Refused('malformed', { field: quote(field), problem: quote(problem) }) };
}

function inTransaction<I, R, In>(db: Db, operation: Operation<I, R, In>, call: Call, input: I): Promise<Answer<R>> {
  return db.transaction(async (tx) => {
    const use = keyUse(operation, call, input);
    if (use) {
      const claim = await claimKey<R>(tx, use);
      if (claim.kind === 'replay') return { result: claim.result, replayed: true };
      if (claim.kind === 'reused') throw new Refused('idempotency_key_reused');
      if (claim.kind === 'in_flight') throw new Refused('idempotency_key_in_flight');
    }
    const { result, audit } = await operation.run({ ...call, tx }, input);
    if (audit) {
      await appendAudit(tx, {
        ...audit,
        act: audit.act ?? operation.act,
        at: call.now,
        actor: call.actor,
        request: call.request,
        idempotencyKey: call.idempotencyKey,
      });
    }
    if (use) await saveResult(tx, use, result, call.now);
    return { result, replayed: false };
  });
}

function keyUse<I, R, In>(operation: Operation<I, R, In>, call: Call, input: I): KeyUse | null {
  if (call.idempotencyKey === null) return null;
  return {
    actor: actorKey(call.actor),
    key: call.idempotencyKey,
    operation: operation.name,
    inputHash: canonicalHash(input),
  };
}

async function withReruns<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries >= MAX_RUNS || !RERUN_SQLSTATES.has(sqlState(error) ?? '')) throw error;
    }
  }
}

async function auditRefusal<I, R, In>(
  db: Db,
  operation: Operation<I, R, In>,
  call: Call,
  subject: Subject | null,
  refused: Refused,
): Promise<void> {
  await db.transaction((tx) =>
    appendAudit(tx, {
      act: operation.act,
      at: call.now,
      actor: call.actor,
      subject,
      refusalCode: refused.refusal.code,
      ...(refused.refusal.params ? { after: { refused: refused.refusal.params } } : {}),
      request: call.request,
      idempotencyKey: call.idempotencyKey,
    }),
  );
}
