import { appendAudit } from '../../apps/api/src/audit/audit.store.ts';
import type { Actor } from '../../apps/api/src/core/actor.ts';
import type { Db, Queryable, Tx } from '../../apps/api/src/runtime/db.ts';
import { execute, type Operation } from '../../apps/api/src/runtime/operation.ts';
import type { BadDay } from './bad-day.ts';
import { type DemoPerson, PEOPLE } from './people.ts';
import { transactionDb } from './transaction-db.ts';

/** What happened at a moment, and is done by the product's own commands. */
export interface Step {
  at: Date;
  run(desk: DiaryDesk, at: Date): Promise<void>;
}

/** Where the steps are done. */
export interface DiaryDesk {
  tx: Tx;
  /** Reads what earlier steps left. */
  read: Queryable;
  /** Runs a command as of `at`. Throws what the command refuses: the diary tells only what the product would do. */
  act<I, R, In>(who: DemoPerson | Actor, at: Date, operation: Operation<I, R, In>, input: In): Promise<R>;
  /** The id under which the person is in the table: an installation may have had an account of that address before. */
  personId(who: DemoPerson): string;
  nextRequest(): { requestId: string; ip: string | null };
}

/** Does the steps in the order of time; of one moment, in the order given. */
export async function keepDiary(tx: Tx, steps: readonly Step[]): Promise<void> {
  const desk = await openDesk(tx);
  const ordered = [...steps].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const { at, run } of ordered) await run(desk, at);
}

async function openDesk(tx: Tx): Promise<DiaryDesk> {
  const db: Db = transactionDb(tx);
  const emails = Object.values(PEOPLE).map(({ email }) => email);
  const { rows } = await tx.query<{ id: string; email: string }>(
    'SELECT id, email FROM person WHERE email = ANY ($1)',
    [emails],
  );
  const ids = new Map(rows.map(({ id, email }) => [email, id]));
  let requests = 0;
  const personId = (who: DemoPerson) => ids.get(who.email) ?? who.id;
  const nextRequest = () => {
    requests += 1;
    return { requestId: `req_demo_${requests}`, ip: '127.0.0.1' };
  };
  return {
    tx,
    read: tx,
    personId,
    nextRequest,
    async act(who, at, operation, input) {
      const request = nextRequest();
      const actor: Actor =
        'kind' in who
          ? who
          : { kind: 'person', id: personId(who), label: who.name, roles: [who.role], sessionId: null };
      const isPerson = actor.kind === 'person';
      const call = {
        actor,
        now: at,
        request: isPerson ? request : { ...request, ip: null },
        // A machine's work carries no key of a person's dialog, and a file of evidence is its own key.
        idempotencyKey: isPerson && operation.name !== 'evidence.upload' ? `demo-${request.requestId}` : null,
      };
      const { result } = await execute(db, operation, call, input);
      return result;
    },
  };
}

/** What people did in the stories: it is written already, and goes into the audit log in its place. */
export function storySteps({ stories }: BadDay): Step[] {
  return stories.flatMap(({ payout, acts }) =>
    acts.map(
      ({ by, at, ...act }): Step => ({
        at,
        run: (desk) =>
          appendAudit(desk.tx, {
            ...act,
            at,
            actor: { kind: 'person', id: desk.personId(by), label: by.name },
            subject: { kind: 'payout', id: payout.id },
            request: desk.nextRequest(),
          }),
      }),
    ),
  );
}
