import { describe, expect, it } from 'vitest';
import { auditDiff, isMoney } from './audit-diff.ts';

describe('auditDiff', () => {
  it('tells what changed from what stayed', () => {
    expect(auditDiff({ status: 'queued', rail: 'sepa' }, { status: 'held', rail: 'sepa' }).changes).toEqual([
      { path: 'status', before: 'queued', after: 'held', changed: true },
      { path: 'rail', before: 'sepa', after: 'sepa', changed: false },
    ]);
  });

  it('counts a field of one side only as recorded, not as changed from nothing', () => {
    const diff = auditDiff({ status: 'queued' }, { status: 'sending', attempt: 1 });
    expect(diff.changes.map((change) => change.path)).toEqual(['status']);
    expect(diff.facts).toEqual([{ path: 'attempt', value: 1 }]);
  });

  it('takes objects apart by path, but keeps an amount and a list whole', () => {
    const diff = auditDiff(null, {
      outcome: { kind: 'accepted', provider: { id: 'po_1' } },
      amount: { minor: '4825000', currency: 'TRY' },
      roles: ['ops', 'finance'],
    });
    expect(diff.facts).toEqual([
      { path: 'outcome.kind', value: 'accepted' },
      { path: 'outcome.provider.id', value: 'po_1' },
      { path: 'amount', value: { minor: '4825000', currency: 'TRY' } },
      { path: 'roles', value: ['ops', 'finance'] },
    ]);
  });

  it('sees a change to null and a change inside a list', () => {
    const { changes } = auditDiff({ assignee: 'us_1', seats: ['a'] }, { assignee: null, seats: ['a', 'b'] });
    expect(changes.every((change) => change.changed)).toBe(true);
  });

  it('has nothing to say of an event without either side', () => {
    expect(auditDiff(null, undefined)).toEqual({ changes: [], facts: [] });
  });
});

describe('isMoney', () => {
  it('takes minor units as text with a currency, and nothing that only looks alike', () => {
    expect(isMoney({ minor: '-12', currency: 'EUR' })).toBe(true);
    expect(isMoney({ minor: 12, currency: 'EUR' })).toBe(false);
    expect(isMoney({ minor: '1.5', currency: 'EUR' })).toBe(false);
    expect(isMoney(['12', 'EUR'])).toBe(false);
  });
});
