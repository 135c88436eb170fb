import { describe, expect, test } from 'vitest';
import type { Actor, Role } from '../core/actor.ts';
import { may, PERMISSIONS, type Permission, permissionsOf } from './permission.ts';

const person = (...roles: Role[]): Actor => ({ kind: 'person', id: 'p', label: 'p', roles, sessionId: null });

describe('permissions', () => {
  test.each<[Role, Permission, boolean]>([
    ['viewer', 'payout:read', true],
    ['viewer', 'payout:retry', false],
    ['viewer', 'override:decide', false],
    ['ops', 'payout:retry', true],
    ['ops', 'override:request', true],
    ['ops', 'override:decide', false],
    ['finance', 'override:decide', true],
    ['finance', 'break:resolve', true],
    ['approver', 'override:decide', true],
    ['approver', 'override:request', false],
    ['approver', 'payout:retry', false],
    ['admin', 'control:change', true],
  ])('%s · %s: %s', (role, permission, expected) => {
    expect(may(person(role), permission)).toBe(expected);
  });

  test('admin moves no money: no permission that does is admin’s', () => {
    const moving = permissionsOf(person('admin')).filter((permission) =>
      /^(payout|override|break|settlement):/.test(permission),
    );
    expect(moving.toSorted()).toEqual(['override:read', 'payout:read', 'settlement:read']);
  });

  test('nobody has everything: there is no super-user', () => {
    const all = Object.keys(PERMISSIONS) as Permission[];
    const actors: Actor[] = [
      person('viewer', 'ops', 'finance', 'approver', 'admin'),
      { kind: 'machine', id: 'm', label: 'm', scopes: ['payouts:read', 'payouts:write'] },
      { kind: 'job', id: 'j', label: 'j' },
      { kind: 'cli', id: 'c', label: 'c' },
    ];
    for (const actor of actors) expect(permissionsOf(actor).length).toBeLessThan(all.length);
  });

  test('a machine may what its scopes say, and no more', () => {
    const machine: Actor = { kind: 'machine', id: 'm', label: 'm', scopes: ['payouts:write'] };
    expect(permissionsOf(machine)).toEqual(['payout:request']);
  });
});
