import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '../core/actor.ts';
import {
  decideChange,
  decideScope,
  isVisible,
  nthSlug,
  slugOf,
  type View,
  viewNameInput,
  viewSearchInput,
} from './view.ts';

const view = (over: Partial<View> = {}): View => ({
  ...{ id: 'v', slug: 'late', name: 'Late', scope: 'private', ownerId: 'me', search: {}, version: 1 },
  ...{ createdAt: new Date(0), updatedAt: new Date(0) },
  ...over,
});
const actor = (id: string, ...roles: Role[]) => ({ kind: 'person' as const, id, label: id, roles, sessionId: null });

describe('a short link', () => {
  test.each([
    ['Geç kalan ödemeler', 'gec-kalan-odemeler'],
    ['  İŞÇİ — Ğ/ı  ', 'isci-g-i'],
    ['SEPA > 10 000 €', 'sepa-10-000'],
    ['漢字', 'view'],
    ['!!!', 'view'],
  ])('of "%s" is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  test('is one that the database takes, whatever the name, and however many there are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 999 }),
        (name, n) => {
          const slug = nthSlug(name, n);
          expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect(slug.length).toBeLessThanOrEqual(80);
        },
      ),
    );
  });
});

describe('who may', () => {
  test.each([
    ['its owner', view(), actor('me', 'viewer'), null],
    ['somebody else', view({ scope: 'team' }), actor('you', 'ops'), 'not_the_owner'],
    ['an admin, the team’s', view({ scope: 'team' }), actor('you', 'admin'), null],
    ['an admin, a private one', view(), actor('you', 'admin'), 'not_the_owner'],
    ['an owner without any role left', view(), actor('me'), 'permission_missing'],
  ])('change it: %s', (_, of, by, code) => {
    expect(decideChange(of, by)?.code ?? null).toBe(code);
  });

  test('show it to the team: not a viewer; see it: the team, else the owner alone', () => {
    expect(decideScope('team', actor('me', 'viewer'))?.code).toBe('permission_missing');
    expect(decideScope('private', actor('me', 'viewer'))).toBeNull();
    expect(decideScope('team', actor('me', 'ops'))).toBeNull();
    expect([isVisible(view(), 'me'), isVisible(view(), 'you'), isVisible(view({ scope: 'team' }), 'you')]).toEqual([
      ...[true, false, true],
    ]);
  });
});

test('a view keeps parameters of the queue alone, few and short', () => {
  const takes = (search: Record<string, string>) => viewSearchInput.safeParse(search).success;
  expect(takes({ filter: 'stuck', sort: '-amount', cols: 'payee,amount', q: 'İpek' })).toBe(true);
  expect(takes({})).toBe(true);
  expect(takes({ panel: 'po_1' })).toBe(false);
  expect(takes({ view: 'late' })).toBe(false);
  expect(takes({ __proto__x: '1' })).toBe(false);
  expect(takes({ q: 'x'.repeat(201) })).toBe(false);
  expect(takes({ q: 'a\0b' })).toBe(false);
  expect(viewNameInput.safeParse('   ').success).toBe(false);
  expect(viewNameInput.parse('  Late  ')).toBe('Late');
});
