import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROLES } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { payoutIn } from '../testing/factories.ts';
import { OVERRIDE_POLICY_V1 } from './override-policy.ts';
import { allSeated } from './seats.ts';
import { type Asked, approve, ask, cast, stored } from './testing/override-cases.ts';

/** What the database refuses to its owner, whatever the code believes. */
describe('the database itself', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  let override: Asked;
  let large: Asked;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    override = await ask(database, people.maker, (await payoutIn(database, 'queued')).payout, 'cancel_payout');
    const high = await payoutIn(database, 'queued', { body: { amount_minor: '6000000' } });
    large = await ask(database, people.maker, high.payout, 'cancel_payout');
  });

  const decide = (on: Asked, over: Record<string, unknown> = {}) => {
    const row = {
      id: newUuid(),
      override_id: on.uuid,
      maker_id: people.maker.id,
      checker_id: people.approver.id,
      checker_label: 'sql',
      checker_roles: ['approver'],
      decision: 'approve',
      reason: null,
      content_hash: on.contentHash,
      at: NOW,
      ...over,
    };
    const columns = Object.keys(row);
    return database.owner.query(
      `INSERT INTO override_decision (${columns.join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(row),
    );
  };
  const set = (on: Asked, assignment: string) =>
    database.owner.query(`UPDATE override_request SET ${assignment} WHERE id = '${on.uuid}'`);

  describe('maker is never checker', () => {
    test('the maker’s own approval', async () => {
      await database.owner.query(
        `INSERT INTO person_role (person_id, role) VALUES ($1, 'approver') ON CONFLICT DO NOTHING`,
        [people.maker.id],
      );
      await expect(decide(override, { checker_id: people.maker.id })).rejects.toThrow('maker_is_never_checker');
    });

    test('the maker’s approval under another maker’s name', async () => {
      await expect(
        decide(override, { checker_id: people.maker.id, maker_id: people.otherMaker.id, checker_roles: ['ops'] }),
      ).rejects.toThrow('decision_of_request');
    });

    test('a second decision of one person', async () => {
      await decide(large);
      await expect(decide(large)).rejects.toThrow('override_decision_override_id_checker_id_key');
    });

    test('roles that the checker does not hold', async () => {
      await expect(decide(override, { checker_roles: ['approver', 'finance'] })).rejects.toThrow('does not hold');
      await expect(decide(override, { checker_id: people.viewer.id })).rejects.toThrow('does not hold');
    });

    test('who last retried the payout; their rejection stands', async () => {
      await database.owner.query(
        'UPDATE payout SET last_retried_by = $1 WHERE id = (SELECT subject_id FROM override_request WHERE id = $2)',
        [people.approver.id, override.uuid],
      );
      await expect(decide(override)).rejects.toThrow('last retried');
      await expect(decide(override, { decision: 'reject', reason: 'no, not this one' })).resolves.toBeDefined();
    });

    test('a rejection without a reason', async () => {
      await expect(decide(override, { decision: 'reject', reason: ' x ' })).rejects.toThrow('rejection_has_reason');
    });

    test('changing or removing a decision', async () => {
      await decide(override);
      const where = `WHERE override_id = '${override.uuid}'`;
      await expect(
        database.owner.query(`UPDATE override_decision SET maker_id = '${people.otherMaker.id}' ${where}`),
      ).rejects.toThrow('append-only');
      await expect(database.owner.query(`DELETE FROM override_decision ${where}`)).rejects.toThrow('append-only');
    });
  });

  describe('approved and executed', () => {
    const executed = `status = 'executed', executed_at = '${NOW.toISOString()}'`;

    test.each(["status = 'approved'", executed])('never without approvals: %s', async (assignment) => {
      await expect(set(override, assignment)).rejects.toThrow('override has 0 of 1 approvals');
    });

    test('never with an approval of other content', async () => {
      await decide(override, { content_hash: '0'.repeat(64) });
      await expect(set(override, "status = 'approved'")).rejects.toThrow('override has 0 of 1 approvals');
    });

    test('never with a rejection for an approval', async () => {
      await decide(override, { decision: 'reject', reason: 'no, not this one' });
      await expect(set(override, "status = 'approved'")).rejects.toThrow('override has 0 of 1 approvals');
    });

    test('never with one signature of two', async () => {
      await decide(large);
      await expect(set(large, "status = 'approved'")).rejects.toThrow('override has 1 of 2 approvals');
    });

    test('never with two signatures when neither is finance’s', async () => {
      await decide(large);
      await decide(large, { checker_id: people.secondApprover.id });
      await expect(set(large, "status = 'approved'")).rejects.toThrow('do not fill its seats');
      await decide(large, { checker_id: people.finance.id, checker_roles: ['finance'] });
      await expect(set(large, "status = 'approved'")).resolves.toBeDefined();
    });

    test('never by a role that the policy does not name', async () => {
      const admin = await person(database, 'admin');
      await decide(override, { checker_id: admin.id, checker_roles: ['admin'] });
      await expect(set(override, "status = 'approved'")).rejects.toThrow('do not fill its seats');
    });

    test('never after its expiry, nor without saying when', async () => {
      await approve(database, people.approver, override);
      await expect(set(override, `status = 'executed', executed_at = expires_at`)).rejects.toThrow(
        'override_executed_in_time',
      );
      await expect(set(override, `status = 'executed'`)).rejects.toThrow('override_executed_at');
      await expect(set(override, executed)).resolves.toBeDefined();
    });
  });

  describe('content is final', () => {
    test.each([
      "reason = 'another reason'",
      "input = '{}'",
      'amount_minor = 1',
      "subject_snapshot = '{}'",
      'subject_version = 99',
      "evidence = '[]'::jsonb || '\"x\"'",
      'approver_roles = \'[["viewer"]]\'',
      'approvals_required = 2',
      "expires_at = expires_at + interval '1 day'",
      "content_hash = 'x'",
      "nonce = 'x'",
      "kind = 'release_hold'",
    ])('%s', async (assignment) => {
      await expect(set(override, assignment)).rejects.toThrow('the content of an override never changes');
    });

    test('an end is an end, and nothing is deleted', async () => {
      await set(override, "status = 'withdrawn'");
      await expect(set(override, "status = 'requested'")).rejects.toThrow('an override that is withdrawn stays so');
      await expect(database.owner.query(`DELETE FROM override_request WHERE id = '${override.uuid}'`)).rejects.toThrow(
        'append-only',
      );
      expect((await stored(database, override.uuid)).status).toBe('withdrawn');
    });

    test('a second open one of the same kind on the same payout', async () => {
      await expect(
        database.owner.query(
          `INSERT INTO override_request SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid()))).*
           FROM override_request o WHERE id = $1`,
          [override.uuid],
        ),
      ).rejects.toThrow('override_one_open');
    });
  });

  test('the policy that every installation begins with is the one in the code', async () => {
    const { rows } = await database.db.query<{ version: number; rules: object }>(
      'SELECT version, rules FROM override_policy',
    );
    const { version, ...rules } = OVERRIDE_POLICY_V1;
    expect(rows).toEqual([{ version, rules }]);
  });

  test('seats: SQL and code answer alike', async () => {
    const seats = fc.array(fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(seats, seats, async (these, those) => {
        const { rows } = await database.db.query<{ matched: boolean }>('SELECT roles_matched($1, $2) AS matched', [
          JSON.stringify(these),
          JSON.stringify(those),
        ]);
        expect(rows[0]?.matched).toBe(allSeated(these, those));
      }),
      { numRuns: 200 },
    );
  });
});
