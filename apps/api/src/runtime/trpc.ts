import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import type { RequestInfo } from '../audit/audit-event.ts';
import type { Actor } from '../core/actor.ts';
import { plain } from '../core/canonical-json.ts';
import { REFUSAL_STATUS, type Refusal, Refused, refusal } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { PspConnector } from '../psp/connector.ts';
import type { WebhookSettings } from '../webhooks/seal.ts';
import type { Db } from './db.ts';
import type { LiveFeed } from './live.ts';
import type { Log } from './log.ts';
import { execute, type Operation } from './operation.ts';

/** What every procedure gets. `actor` is null before sign-in. */
export interface TrpcContext {
  db: Db;
  actor: (Extract<Actor, { kind: 'person' }> & { email: string }) | null;
  clock: Clock;
  request: RequestInfo;
  live: LiveFeed;
  log: Log;
  /** By the provider's name as stored on payouts; for asking one, never for paying. */
  connectors: Record<string, PspConnector>;
  /** Absent where no command on webhooks is called: in tests of other modules. */
  webhooks?: WebhookSettings;
}

/** What a look's function gets: somebody who is signed in and may have a provider asked. */
export interface Looking {
  db: Db;
  actor: Extract<Actor, { kind: 'person' }>;
  clock: Clock;
  request: RequestInfo;
  connectors: Record<string, PspConnector>;
}

/** What a query's function gets: a reader who is signed in and may. */
export interface Reading {
  db: Db;
  actor: Extract<Actor, { kind: 'person' }>;
  now: Date;
}

const t = initTRPC.context<TrpcContext>().create({
  // A line that died without a word is noticed by either side: the server pings, the console reconnects after silence.
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error, ctx }) {
    const refused = error.cause instanceof Refused ? error.cause.refusal : malformed(error);
    return {
      ...shape,
      // A bug or a fault tells the caller nothing but a reference to look up.
      message: refused || error.code !== 'INTERNAL_SERVER_ERROR' ? shape.message : 'Something went wrong on our side.',
      data: {
        code: shape.data.code,
        httpStatus: refused ? REFUSAL_STATUS[refused.code] : shape.data.httpStatus,
        refusal: refused as Refusal | null,
        requestId: ctx?.request.requestId ?? null,
      },
    };
  },
});

/** What a procedure's own schema refused, as a refusal like any other; null when it was something else. */
function malformed(error: TRPCError): Refusal | null {
  if (error.code !== 'BAD_REQUEST') return null;
  const issue = error.cause instanceof z.ZodError ? error.cause.issues[0] : undefined;
  return refusal('malformed', { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' });
}

export const router = t.router;

/** A procedure that needs no sign-in: the session itself, and nothing about money. */
export const anyone = t.procedure;

const signedIn = t.procedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw asTrpcError(new Refused('not_signed_in'));
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});

/** A base for what is neither a read nor a command: subscriptions, and saying that one is here. Signed in and permitted. */
export function following(permission: Permission) {
  return signedIn.use(({ ctx, next }) => {
    assertMay(ctx.actor, permission);
    return next();
  });
}

/** A read: `query('payout:read', z.object({…}), (reading, input) => …)`. */
export function query<S extends z.ZodType, R>(
  permission: Permission,
  input: S,
  read: (reading: Reading, input: z.output<S>) => Promise<R>,
) {
  return signedIn.input(input).query(async ({ ctx, input: given }) => {
    assertMay(ctx.actor, permission);
    try {
      return await read({ db: ctx.db, actor: ctx.actor, now: ctx.clock() }, given as z.output<S>);
    } catch (error) {
      throw error instanceof Refused ? asTrpcError(error) : error;
    }
  });
}

/**
 * A read that asks a provider first, and writes down what it answered: a mutation, though safe to repeat, so that no browser
 * repeats it by itself. Any one of the permissions opens it.
 */
export function look<S extends z.ZodType, R>(
  permissions: readonly [Permission, ...Permission[]],
  input: S,
  read: (looking: Looking, input: z.output<S>) => Promise<R>,
) {
  return signedIn.input(input).mutation(async ({ ctx, input: given }) => {
    if (!permissions.some((permission) => may(ctx.actor, permission))) assertMay(ctx.actor, permissions[0]);
    const { db, actor, clock, request, connectors } = ctx;
    try {
      return await read({ db, actor, clock, request, connectors }, given as z.output<S>);
    } catch (error) {
      throw error instanceof Refused ? asTrpcError(error) : error;
    }
  });
}

/** Every command carries the key that its dialog minted, so that a double click or a network retry is one command. */
const commandInput = z.object({ idempotencyKey: z.string().regex(/^[\x21-\x7e]{8,200}$/), input: z.unknown() });

/** A command, as a mutation: `retry: command(retryPayout)`. `input` is the operation's own input, checked by the operation. */
export function command<I, R, In>(operation: Operation<I, R, In>) {
  return commandWith(
    () => operation,
    (result) => result,
  );
}

/** A command whose verb needs this installation's settings, or whose stored answer is not yet what the person is told. */
export function commandWith<I, R, In, A>(
  operationOf: (context: TrpcContext) => Operation<I, R, In>,
  answerOf: (result: R, context: TrpcContext) => A,
) {
  return signedIn
    .input(commandInput as unknown as z.ZodType<{ idempotencyKey: string; input: In }>)
    .mutation(async ({ ctx, input }): Promise<A> => {
      try {
        const call = { actor: ctx.actor, now: ctx.clock(), request: ctx.request, idempotencyKey: input.idempotencyKey };
        const { result } = await execute(ctx.db, operationOf(ctx), call, input.input);
        return plain(answerOf(result, ctx)) as A;
      } catch (error) {
        throw error instanceof Refused ? asTrpcError(error) : error;
      }
    });
}

function assertMay(actor: Actor, permission: Permission): void {
  if (!may(actor, permission)) throw asTrpcError(new Refused('permission_missing', { permission }));
}

const TRPC_CODES: Record<number, TRPCError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
};

function asTrpcError(refused: Refused): TRPCError {
  const code = TRPC_CODES[REFUSAL_STATUS[refused.refusal.code]] ?? 'BAD_REQUEST';
  return new TRPCError({ code, message: refused.refusal.code, cause: refused });
}
