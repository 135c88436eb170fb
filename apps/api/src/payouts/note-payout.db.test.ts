import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { canonicalHash } from '../core/canonical-json.ts';
import { toId } from '../core/ids.ts';
import { listNotifications } from '../notifications/notifications.queries.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, refusalOf, reread, type Sample, timelineOf } from '../testing/factories.ts';
import { notePayout } from './note-payout.ts';
import { readNotes } from './payout-notes.queries.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let ops: Person;
let viewer: Person;
let payout: Sample['payout'];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  [ops, viewer] = [await person(database, 'ops'), await person(database, 'viewer')];
  ({ payout } = await payoutIn(database, 'paid'));
});

const inputOf = (body: unknown, mentions?: Person[]) => ({
  payoutId: toId('payout', payout.id),
  body,
  ...(mentions ? { mentions: mentions.map(({ id }) => toId('person', id)) } : {}),
});
const note = (actor: Actor, body: unknown, mentions?: Person[]) =>
  act(database, notePayout, inputOf(body, mentions), { actor });
const newsOf = async (of: Person) => (await listNotifications(database.db, of.id, { limit: 10 })).rows;
const notes = () => readNotes(database.db, payout.id);

test('done: kept as it was written, on the timeline with its beginning, in the log with its hash', async () => {
  const body = `  The bank said:\r\n<b>wait</b> & see. ${'x'.repeat(200)}  `;
  const kept = `The bank said:\n<b>wait</b> & see. ${'x'.repeat(200)}`;
  const { noteId } = await note(ops, body);
  expect(await notes()).toEqual([
    {
      id: noteId,
      author: { id: toId('person', ops.id), name: ops.label },
      body: kept,
      mentions: [],
      at: NOW.toISOString(),
    },
  ]);
  expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({
    kind: 'noted',
    from: null,
    to: null,
    data: { noteId, excerpt: `The bank said: <b>wait</b> & see. ${'x'.repeat(105)}…` },
  });
  expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
    act: 'payout.noted',
    actor_id: ops.id,
    after: { noteId, bodyHash: canonicalHash(kept), mentions: [] },
  });
  expect((await reread(database, payout.id)).payout).toEqual(payout);
});

test('notes only grow: not even the owner of the tables edits one', async () => {
  await note(ops, 'as it was');
  for (const tamper of [
    `UPDATE payout_note SET body = 'otherwise'`,
    'DELETE FROM payout_note',
    'TRUNCATE payout_note',
  ]) {
    await expect(database.owner.query(tamper)).rejects.toThrow();
  }
  expect(await notes()).toMatchObject([{ body: 'as it was' }]);
});

describe('who is named', () => {
  test('is told, once, with the beginning of the note; whoever writes is not', async () => {
    const body = `@${viewer.label} and @${viewer.label}: please look. Signed, @${ops.label}`;
    const { noteId, mentioned } = await note(ops, body, [viewer, viewer, ops]);
    expect(mentioned.sort()).toEqual([toId('person', viewer.id), toId('person', ops.id)].sort());
    expect(await newsOf(viewer)).toMatchObject([
      {
        kind: 'mention',
        payoutId: toId('payout', payout.id),
        by: ops.label,
        data: { holder: 'Anna Schmidt', amountMinor: '12500', currency: 'EUR', excerpt: body },
      },
    ]);
    expect(await newsOf(ops)).toEqual([]);
    const [row] = await notes();
    expect(row?.id).toBe(noteId);
    expect(row?.mentions.map(({ name }) => name).sort()).toEqual([ops.label, viewer.label].sort());
  });

  test('and was deleted from the text again is not told', async () => {
    expect((await note(ops, 'never mind', [viewer])).mentioned).toEqual([]);
    expect(await newsOf(viewer)).toEqual([]);
  });

  test('but never picked is not told: a name in a text is not a person', async () => {
    expect((await note(ops, `@${viewer.label}`)).mentioned).toEqual([]);
    expect(await newsOf(viewer)).toEqual([]);
  });

  test('but may not read payouts, is disabled or was never here: refused, and nothing is written', async () => {
    const nobody = await person(database);
    const disabled = await person(database, 'ops');
    await database.owner.query('UPDATE person SET disabled_at = now() WHERE id = $1', [disabled.id]);
    const stranger: Person = { ...ops, id: '01930000-0000-7000-8000-0000000000b1' };
    for (const one of [nobody, disabled, stranger]) {
      expect(await refusalOf(note(ops, `@${one.label} @${viewer.label}`, [one, viewer]))).toBe('person_unknown');
    }
    expect(await notes()).toEqual([]);
    expect(await newsOf(viewer)).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['only white space', ' \r\n\t '],
    ['too long', 'x'.repeat(4_001)],
    ['a NUL', 'a\u0000b'],
    ['half a character', 'a\ud83d'],
    ['not text', 42],
  ])('%s', async (_, body) => {
    expect(await refusalOf(note(ops, body))).toBe('malformed');
    expect(await notes()).toEqual([]);
  });

  test('more names than anybody means', async () => {
    expect(await refusalOf(note(ops, 'hello', Array(21).fill(viewer)))).toBe('malformed');
  });

  test('no such payout', async () => {
    const missing = { ...inputOf('hello'), payoutId: 'po_01kfh1v9c5fr0s2ph9b4w2zq6n' };
    expect(await refusalOf(act(database, notePayout, missing, { actor: ops }))).toBe('not_found');
  });
});

test('the longest note fits, counted as the database counts', async () => {
  await note(ops, 'ş'.repeat(4_000));
  expect((await notes())[0]?.body).toHaveLength(4_000);
});

test('forbidden', async () => {
  for (const actor of [viewer, await person(database, 'admin'), MACHINE, JOB]) {
    expect(await refusalOf(note(actor, 'hello'))).toBe('permission_missing');
  }
  expect(await notes()).toEqual([]);
});

test('replayed: written once, told once', async () => {
  const call = callBy(ops);
  const input = inputOf(`@${viewer.label}`, [viewer]);
  const first = await execute(database.db, notePayout, call, input);
  expect(await execute(database.db, notePayout, call, input)).toEqual({ result: first.result, replayed: true });
  expect(await notes()).toHaveLength(1);
  expect(await newsOf(viewer)).toHaveLength(1);
});

test('raced: a double click under one key writes one note; two people write two', async () => {
  const call = callBy(ops);
  const codes = await Promise.all(
    [1, 2].map(() => refusalOf(execute(database.db, notePayout, call, inputOf('from one')))),
  );
  expect(codes.filter((code) => code === null).length).toBeGreaterThan(0);
  expect(await notes()).toHaveLength(1);
  const finance = await person(database, 'finance');
  await Promise.all([note(ops, 'one'), note(finance, 'two')]);
  expect((await notes()).map(({ body }) => body).sort()).toEqual(['from one', 'one', 'two']);
});
