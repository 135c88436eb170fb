import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { parseId, toId } from '../core/ids.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, refusalOf } from '../testing/factories.ts';
import { changeView } from './change-view.ts';
import { removeView } from './remove-view.ts';
import { saveView } from './save-view.ts';
import { listViews, viewBySlug } from './views.queries.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let ops: Person;
let finance: Person;
let admin: Person;
let viewer: Person;

beforeAll(async () => {
  database = await testDatabase();
  [ops, finance, admin, viewer] = await Promise.all([
    person(database, 'ops'),
    person(database, 'finance'),
    person(database, 'admin'),
    person(database, 'viewer'),
  ]);
});
afterAll(() => database.close());

const save = (name: string, scope: 'private' | 'team' = 'private', actor: Actor = ops, search = { filter: 'stuck' }) =>
  act(database, saveView, { name, scope, search }, { actor });
const change = (input: Record<string, unknown>, actor: Actor = ops) => act(database, changeView, input, { actor });
const remove = (input: Record<string, unknown>, actor: Actor = ops) => act(database, removeView, input, { actor });
const namesOf = async (actor: Person) => (await listViews(database.db, actor)).map(({ name }) => name);

describe('saving', () => {
  test('done: under a link made of its name, with its audit row', async () => {
    const { id, slug } = await save('Geç kalanlar');
    expect(slug).toBe('gec-kalanlar');
    expect(await viewBySlug(database.db, ops, slug)).toMatchObject({
      ...{ id, name: 'Geç kalanlar', scope: 'private', mine: true, version: 1, search: { filter: 'stuck' } },
      ...{ owner: { id: toId('person', ops.id), name: ops.label }, can: { change: null } },
    });
    expect(await auditRows(database, parseId('view', id) ?? '')).toMatchObject([
      { act: 'view.saved', outcome: 'done', after: { slug, name: 'Geç kalanlar', scope: 'private' } },
    ]);
  });

  test('a link that is taken gets a number; a name that one has is refused, and the team’s names are the team’s', async () => {
    const first = await save('Big ones', 'private', ops);
    const second = await save('Big ones', 'private', finance);
    expect([first.slug, second.slug]).toEqual(['big-ones', 'big-ones-2']);
    expect(await refusalOf(save('BIG ONES'))).toBe('name_taken');
    await save('Shared', 'team', ops);
    expect(await refusalOf(save('shared', 'team', finance))).toBe('name_taken');
    expect((await save('shared', 'private', finance)).slug).toBe('shared-2');
  });

  test('raced: two of one name at once have two links', async () => {
    const saved = await Promise.all([save('Raced', 'private', ops), save('Raced', 'private', finance)]);
    expect(saved.map(({ slug }) => slug).sort()).toEqual(['raced', 'raced-2']);
  });

  test('replayed: the same key is the same view', async () => {
    const call = callBy(ops);
    const input = { name: 'Once', scope: 'private', search: {} };
    const first = await execute(database.db, saveView, call, input);
    const again = await execute(database.db, saveView, call, input);
    expect(again).toEqual({ result: first.result, replayed: true });
    expect((await namesOf(ops)).filter((name) => name === 'Once')).toHaveLength(1);
  });

  test('refused or forbidden: an unknown parameter, the team for a viewer, anyone but a person', async () => {
    expect(
      await refusalOf(act(database, saveView, { name: 'x', scope: 'private', search: { panel: 'p' } }, { actor: ops })),
    ).toBe('malformed');
    expect(await refusalOf(save('For all', 'team', viewer))).toBe('permission_missing');
    expect((await save('For me', 'private', viewer)).slug).toBe('for-me');
    expect(await refusalOf(save('x', 'private', MACHINE))).toBe('permission_missing');
    expect(await refusalOf(save('x', 'private', JOB))).toBe('permission_missing');
  });
});

describe('a private view', () => {
  test('exists for its owner alone: not listed, not found by its link, not to be changed', async () => {
    const { id, slug } = await save('Mine alone');
    expect(await namesOf(ops)).toContain('Mine alone');
    for (const other of [finance, admin]) {
      expect(await namesOf(other)).not.toContain('Mine alone');
      expect(await viewBySlug(database.db, other, slug)).toBeNull();
      expect(await refusalOf(change({ id, version: 1, name: 'Taken over' }, other))).toBe('not_found');
      expect(await refusalOf(remove({ id, version: 1 }, other))).toBe('not_found');
    }
  });
});

describe('changing', () => {
  test('done: renamed and shown to the team, its link stays; the audit row has both sides', async () => {
    const { id, slug } = await save('Before');
    const changed = await change({
      id,
      version: 1,
      name: 'After',
      scope: 'team',
      search: { filter: 'late', sort: '-amount' },
    });
    expect(changed).toEqual({ slug, version: 2 });
    expect(await viewBySlug(database.db, finance, slug)).toMatchObject({
      ...{ name: 'After', scope: 'team', search: { filter: 'late', sort: '-amount' }, mine: false, version: 2 },
      can: { change: { code: 'not_the_owner' } },
    });
    expect((await auditRows(database, parseId('view', id) ?? '')).at(-1)).toMatchObject({
      ...{ act: 'view.changed', before: { name: 'Before', scope: 'private' }, after: { name: 'After', scope: 'team' } },
    });
  });

  test('by others: a team’s view by an admin, nobody else; a refused try leaves its row', async () => {
    const { id } = await save('The team’s', 'team');
    expect(await refusalOf(change({ id, version: 1, name: 'No' }, finance))).toBe('not_the_owner');
    expect((await auditRows(database, parseId('view', id) ?? '')).at(-1)).toMatchObject({
      ...{ act: 'view.changed', outcome: 'refused', refusal_code: 'not_the_owner' },
    });
    expect(await change({ id, version: 1, name: 'Tidied' }, admin)).toMatchObject({ version: 2 });
  });

  test('refused: from an old tab, to a taken name, to the team without the right', async () => {
    const { id } = await save('Old tab');
    await change({ id, version: 1, search: { filter: 'all' } });
    expect(await refusalOf(change({ id, version: 1, search: {} }))).toBe('version_conflict');
    await save('Occupied');
    expect(await refusalOf(change({ id, version: 2, name: 'occupied' }))).toBe('name_taken');
    const own = await save('A viewer’s', 'private', viewer);
    expect(await refusalOf(change({ id: own.id, version: 1, scope: 'team' }, viewer))).toBe('permission_missing');
  });

  test('raced: of two at once, one finds that the view has changed', async () => {
    const { id } = await save('Contested', 'team');
    const codes = await Promise.all([
      refusalOf(change({ id, version: 1, search: { filter: 'late' } }, ops)),
      refusalOf(change({ id, version: 1, search: { filter: 'failed' } }, admin)),
    ]);
    expect(codes.toSorted()).toEqual([null, 'version_conflict'].toSorted());
  });
});

describe('removing', () => {
  test('done: the row is gone, the audit log keeps what it asked; its link is free again', async () => {
    const { id, slug } = await save('Short-lived');
    await remove({ id, version: 1 });
    expect(await viewBySlug(database.db, ops, slug)).toBeNull();
    expect((await auditRows(database, parseId('view', id) ?? '')).at(-1)).toMatchObject({
      ...{ act: 'view.removed', before: { slug, name: 'Short-lived', search: { filter: 'stuck' } } },
    });
    expect((await save('Short-lived')).slug).toBe(slug);
  });

  test('refused: changed meanwhile, somebody else’s, gone already', async () => {
    const { id } = await save('Stays', 'team');
    expect(await refusalOf(remove({ id, version: 2 }))).toBe('version_conflict');
    expect(await refusalOf(remove({ id, version: 1 }, finance))).toBe('not_the_owner');
    await remove({ id, version: 1 }, admin);
    expect(await refusalOf(remove({ id, version: 1 }))).toBe('not_found');
  });
});
