import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedRules, someStuckRules } from '../testing/stuck-rules.ts';
import { RAILS } from './payout.ts';
import { FIRST_STUCK_POLICY } from './stuck-policy.ts';
import { changedSides, diffStuckRules } from './stuck-policy-diff.ts';

const first = FIRST_STUCK_POLICY.rules;
const quarter = { expected: { minutes: 5 }, stuck: { minutes: 15 } };
const hour = { expected: { minutes: 30 }, stuck: { minutes: 60 } };

test('nothing differs from itself', () => {
  expect(diffStuckRules(first, structuredClone(first))).toEqual([]);
});

test('limits that changed alike are one change', () => {
  const after = changedRules((rules) => {
    for (const rail of RAILS) rules.limits[rail].unconfirmed = hour;
    rules.limits.sepa.in_transit = { expected: { businessDays: 1 }, stuck: { businessDays: 3 } };
    rules.limits.wire.in_transit = { expected: { minutes: 1 }, stuck: { businessDays: 2 } };
  });
  expect(diffStuckRules(first, after)).toEqual([
    { kind: 'limit', status: 'unconfirmed', rails: [...RAILS], before: quarter, after: hour },
    {
      kind: 'limit',
      status: 'in_transit',
      rails: ['sepa'],
      before: { expected: { businessDays: 1 }, stuck: { businessDays: 2 } },
      after: { expected: { businessDays: 1 }, stuck: { businessDays: 3 } },
    },
    {
      kind: 'limit',
      status: 'in_transit',
      rails: ['wire'],
      before: { expected: { businessDays: 1 }, stuck: { businessDays: 2 } },
      after: { expected: { minutes: 1 }, stuck: { businessDays: 2 } },
    },
  ]);
});

test('calendars: days that came and went, a new one, one that is gone, and who counts by which', () => {
  const after = changedRules((rules) => {
    rules.calendars = {
      t2: [...(rules.calendars.t2 ?? []).filter((day) => day !== '2026-05-01'), '2029-01-01'],
      tr: ['2026-10-29'],
    };
    rules.railCalendar = { sepa: 't2', local: 'tr' };
  });
  expect(diffStuckRules(first, after)).toEqual([
    { kind: 'rail_calendar', rail: 'ach', before: 'fed', after: null },
    { kind: 'rail_calendar', rail: 'wire', before: 'fed', after: null },
    { kind: 'rail_calendar', rail: 'local', before: null, after: 'tr' },
    { kind: 'days', calendar: 'fed', added: [], removed: first.calendars.fed, isNew: false, isGone: true },
    { kind: 'days', calendar: 't2', added: ['2029-01-01'], removed: ['2026-05-01'], isNew: false, isGone: false },
    { kind: 'days', calendar: 'tr', added: ['2026-10-29'], removed: [], isNew: true, isGone: false },
  ]);
});

test('two versions differ exactly when their texts do, and there and back are the same changes', () => {
  fc.assert(
    fc.property(someStuckRules, someStuckRules, (one, other) => {
      const there = diffStuckRules(one, other);
      expect(there.length === 0).toBe(JSON.stringify(one) === JSON.stringify(other));
      expect(diffStuckRules(other, one)).toHaveLength(there.length);
    }),
    { numRuns: 100 },
  );
});

test('the audit log keeps both sides of what differs, and nothing else', () => {
  const after = changedRules((rules) => {
    rules.limits.sepa.queued = hour;
    rules.limits.ach.queued = hour;
    rules.calendars.t2 = [...(rules.calendars.t2 ?? []), '2029-01-01'];
    rules.railCalendar.local = 't2';
  });
  const was = { expected: { minutes: 2 }, stuck: { minutes: 15 } };
  expect(changedSides(diffStuckRules(first, after))).toEqual({
    before: { limits: { sepa: { queued: was }, ach: { queued: was } }, railCalendar: { local: null } },
    after: {
      limits: { sepa: { queued: hour }, ach: { queued: hour } },
      railCalendar: { local: 't2' },
      calendars: { t2: { added: ['2029-01-01'], removed: [] } },
    },
  });
  expect(changedSides([])).toEqual({ before: {}, after: {} });
});
