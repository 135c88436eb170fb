import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { MINUTE_MS } from '../core/time.ts';
import { holdPayout } from '../payouts/hold-payout.ts';
import { lockPayout, movePayout } from '../payouts/payout.store.ts';
import { canMove, type PayoutStatus } from '../payouts/payout.ts';
import { recordProviderAnswer } from '../payouts/record-provider-answer.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { recordSendOutcome } from '../payouts/record-send-outcome.ts';
import { requestPayout } from '../payouts/request-payout.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import { startSend } from '../payouts/start-send.ts';
import type { Operation } from '../runtime/operation.ts';
import { MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import {
  act,
  cancel,
  fundedParty,
  providerEvent,
  refusalOf,
  requestBody,
  reread,
  setPayoutsOn,
} from '../testing/factories.ts';
import { random } from '../testing/random.ts';

/** Set LEDGER_SIM_SEED to run the very same operations again. */
const SEED = Number(process.env.LEDGER_SIM_SEED ?? randomInt(2 ** 31));
const STEPS = 500;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Every way in which the books can be wrong, as rows. None may ever be returned. */
const BROKEN = `
  SELECT 'debits differ from credits' AS what, currency AS which FROM posting
    GROUP BY currency HAVING sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0
  UNION ALL
  SELECT 'stored balance differs from its postings', a.code || ' ' || a.currency FROM ledger_account a
    JOIN account_balance b ON b.account_id = a.id LEFT JOIN posting p ON p.account_id = a.id
    GROUP BY a.id, b.account_id
    HAVING b.balance_minor <> coalesce(sum(CASE WHEN p.side = a.normal_side THEN p.amount_minor ELSE -p.amount_minor END), 0)
      OR b.posting_count <> count(p.id)
  UNION ALL
  SELECT 'negative wallet', a.code FROM ledger_account a JOIN account_balance b ON b.account_id = a.id
    WHERE a.kind = 'wallet' AND b.balance_minor < 0
  UNION ALL
  SELECT 'money of a payout is not where its status says', p.id || ' ' || p.status FROM payout p
    LEFT JOIN journal_entry e ON e.payout_id = p.id LEFT JOIN posting l ON l.entry_id = e.id
    LEFT JOIN ledger_account a ON a.id = l.account_id
    GROUP BY p.id
    HAVING coalesce(sum(CASE l.side WHEN 'credit' THEN l.amount_minor ELSE -l.amount_minor END) FILTER (WHERE a.kind = 'psp_clearing'), 0)
        <> CASE WHEN p.status = 'paid' THEN p.amount_minor ELSE 0 END
      OR coalesce(sum(CASE l.side WHEN 'credit' THEN l.amount_minor ELSE -l.amount_minor END) FILTER (WHERE a.kind = 'payouts_in_flight'), 0)
        <> CASE WHEN p.status IN ('paid', 'failed', 'canceled') THEN 0 ELSE p.amount_minor END
      OR coalesce(sum(CASE l.side WHEN 'credit' THEN l.amount_minor ELSE -l.amount_minor END) FILTER (WHERE a.kind = 'wallet'), 0)
        <> CASE WHEN p.status IN ('failed', 'canceled') THEN 0 ELSE -p.amount_minor END
  UNION ALL
  SELECT 'a payout changed without a line in its timeline', p.id || ' ' || p.status FROM payout p
    WHERE p.status <> (SELECT to_status FROM payout_event v WHERE v.payout_id = p.id AND to_status IS NOT NULL ORDER BY id DESC LIMIT 1)
  UNION ALL
  SELECT 'an open payout has no deadline', p.id || ' ' || p.status FROM payout p
    WHERE (p.status IN ('paid', 'canceled')) <> (p.stuck_at IS NULL)`;

test(`the books balance after each of ${STEPS} random operations (LEDGER_SIM_SEED=${SEED})`, async () => {
  const world = await createWorld();
  const counts: Record<string, number> = {};
  for (let step = 1; step <= STEPS; step += 1) {
    const [name, operation] = world.random.pick(world.operations);
    try {
      const done = (await refusalOf(operation())) === null;
      if (done) counts[name] = (counts[name] ?? 0) + 1;
      const { rows } = await database.owner.query(BROKEN);
      if (rows.length > 0) throw new Error(JSON.stringify(rows));
    } catch (error) {
      throw new Error(`seed ${SEED}, step ${step}, ${name}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
  // A simulation in which nothing happens proves nothing.
  expect(Object.keys(counts).length).toBeGreaterThan(9);
});

type Step = readonly [name: string, run: () => Promise<unknown>];

async function createWorld() {
  const { int, pick, chance } = random(SEED);
  const ops = await person(database, 'ops');
  const parties = await Promise.all([
    fundedParty(database, { EUR: 60_000n, JPY: 60_000n }),
    fundedParty(database, { EUR: 1_000_000n, KWD: 1_000_000n }),
  ]);
  const payouts: string[] = [];
  const attempts: string[] = [];
  const events: Record<string, unknown>[] = [];
  let now = NOW;

  const run = <I, R>(verb: Operation<I, R>, input: unknown, actor?: Actor) =>
    act(database, verb, input, { now, ...(actor ? { actor } : {}) });
  const knownAs = (attemptId: string) => `po_${attemptId}`;
  const somePayout = async () => {
    const id = pick(payouts);
    const sample = await reread(database, id);
    if (!attempts.includes(sample.attempt.id)) attempts.push(sample.attempt.id);
    return sample;
  };
  /** Mostly the attempt that is under way, sometimes one of long ago. */
  const someAttempt = async () => (chance(0.8) ? (await somePayout()).attempt.id : pick(attempts));
  const status = () => pick(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned'] as const);
  const code = () => pick(['insufficient_funds', 'account_closed', 'rate_limit', 'next_years_code']);
  const moveByPerson = async (to: PayoutStatus) => {
    const { payout } = await somePayout();
    if (!canMove(payout.status, to)) throw new Refused('status_forbids');
    await database.db.transaction(async (tx) => {
      const locked = await lockPayout(tx, payout.id);
      await movePayout(tx, locked, to, { at: now, kind: 'override_executed', actorLabel: 'test' });
    });
  };

  const request = async () => {
    const party = pick(parties);
    const body = requestBody(party.reference, {
      amount_minor: String(int(1, 3_000) * 10),
      currency: pick(['EUR', 'EUR', 'JPY', 'KWD']),
      rail: pick(['sepa', 'instant', 'wire']),
    });
    const { id } = await run(requestPayout, body, MACHINE);
    const sample = await reread(database, parseId('payout', id) ?? '');
    payouts.push(sample.payout.id);
    attempts.push(sample.attempt.id);
  };
  while (payouts.length === 0) await refusalOf(request());

  const operations: Step[] = [
    ['request', request],
    ['request', request],
    ['start send', async () => run(startSend, { attemptId: await someAttempt() })],
    ['start send', async () => run(startSend, { attemptId: await someAttempt() })],
    [
      'send outcome',
      async () => {
        const attemptId = await someAttempt();
        const outcome = pick([
          { kind: 'accepted', providerPayoutId: knownAs(attemptId), status: status() },
          { kind: 'accepted', providerPayoutId: knownAs(attemptId), status: 'in_transit' },
          { kind: 'rejected', code: code(), message: '' },
          { kind: 'unknown', reason: 'timeout', message: '' },
          { kind: 'not_sent', reason: 'dns', message: '' },
        ]);
        return run(recordSendOutcome, { attemptId, outcome });
      },
    ],
    [
      'event',
      async () => {
        const attemptId = await someAttempt();
        const at = new Date(now.getTime() - int(0, 60) * MINUTE_MS);
        const attempt = { id: attemptId, providerPayoutId: knownAs(attemptId) } as Parameters<
          typeof providerEvent
        >[0]['attempt'];
        const event = providerEvent({ attempt }, status(), { at, code: code() });
        events.push(event);
        return run(recordProviderEvent, event);
      },
    ],
    ['event again', async () => run(recordProviderEvent, events.length ? pick(events) : {})],
    [
      'answer',
      async () => {
        const attemptId = await someAttempt();
        const answer = pick([
          { kind: 'found', providerPayoutId: knownAs(attemptId), status: status(), code: code() },
          { kind: 'absent', scanned: int(0, 9) },
          { kind: 'no_answer', reason: 'timeout' },
        ]);
        return run(recordProviderAnswer, { attemptId, askedAt: now, answer });
      },
    ],
    [
      'retry',
      async () => {
        const { payout } = await somePayout();
        return run(retryPayout, { payoutId: toId('payout', payout.id), version: payout.version }, ops);
      },
    ],
    [
      'hold',
      async () => {
        const { payout } = await somePayout();
        return run(
          holdPayout,
          { payoutId: toId('payout', payout.id), version: payout.version, reason: newUuid() },
          ops,
        );
      },
    ],
    [
      'cancel',
      async () => {
        const { payout } = await somePayout();
        // Rare, or most payouts would end before much happens to them.
        if (!canMove(payout.status, 'canceled') || chance(0.8)) throw new Refused('status_forbids');
        return cancel(database, payout.id, now);
      },
    ],
    ['release or correct', async () => moveByPerson('queued')],
    ['switch', () => setPayoutsOn(database, chance(0.8))],
    [
      'time passes',
      async () => {
        now = new Date(now.getTime() + pick([1, 3, 20, 26 * 60]) * MINUTE_MS);
      },
    ],
  ];
  return { random: { pick }, operations };
}
