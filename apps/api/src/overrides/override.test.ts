import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '../core/actor.ts';
import { HOUR_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import {
  canonicalContent,
  contentHashOf,
  countingApprovals,
  type Decision,
  decideApproval,
  decideExecution,
  decideReason,
  decideRejection,
  decideWithdrawal,
  expiryOf,
  isApprovedBy,
  OVERRIDE_STATUSES,
  OVERRIDE_TRANSITIONS,
  type Override,
  type OverrideStatus,
  stalenessOf,
} from './override.ts';
import type { SubjectSnapshot } from './override-subject.ts';
import { anApproval, anOverride, CHECKER, MAKER, SECOND_CHECKER } from './testing/override-samples.ts';

const later = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);
const facts = { now: NOW, lastRetriedBy: null };
const checker = (...roles: Role[]) => ({ id: CHECKER, roles });

const TWO_SEATS = { approvalsRequired: 2, seats: [['finance'], ['approver', 'finance']] as const };

describe('states', () => {
  test('every end is final, and only approved leads to executed', () => {
    for (const status of OVERRIDE_STATUSES) {
      const next = OVERRIDE_TRANSITIONS[status];
      expect(next.includes('executed')).toBe(status === 'approved');
      if (!['requested', 'approved'].includes(status)) expect(next).toEqual([]);
      else expect(next).toEqual(expect.arrayContaining(['rejected', 'withdrawn', 'expired', 'stale']));
    }
  });
});

describe('a reason', () => {
  test.each([
    ['.', false],
    ['..........', false],
    ['ok', false],
    ['confirmedbybank', false],
    ['a b c d e', false],
    ['Bank paid', false],
    ['Bank paid it', true],
    ['Banka ödedi, dekont ekte', true],
    ['银行已经确认 这笔钱已付款', true],
    ['ticket 4711 confirmed', true],
  ])('%s: %s', (reason, enough) => {
    expect(decideReason(reason)?.code ?? null).toBe(enough ? null : 'reason_too_short');
  });
});

describe('what is signed', () => {
  const changes: [string, Partial<Override>][] = [
    ['kind', { kind: 'force_retry' }],
    ['subject', { subjectId: '01930000-0000-7000-8000-0000000000ff' }],
    ['version', { subjectVersion: 4 }],
    ['snapshot', { subjectSnapshot: { ...anOverride().subjectSnapshot, holder: 'Someone Else' } }],
    ['input', { input: { payout: 'po_2' } }],
    ['reason', { reason: 'The merchant asked us to stop it!' }],
    ['evidence', { evidence: ['e'.repeat(64)] }],
    ['maker', { makerId: SECOND_CHECKER }],
    ['policy', { policyVersion: 2 }],
    ['expiry', { expiresAt: later(25) }],
    ['nonce', { nonce: '00fe' }],
    ['id', { id: '01930000-0000-7000-8000-000000000002' }],
  ];
  test.each(changes)('another %s is another fingerprint', (_, change) => {
    expect(contentHashOf({ ...anOverride(), ...change })).not.toBe(anOverride().contentHash);
  });

  test('what happens to it afterwards is not', () => {
    const after: Partial<Override> = {
      status: 'approved',
      version: 9,
      decidedAt: NOW,
      executionError: 'payouts_paused',
    };
    expect(contentHashOf({ ...anOverride(), ...after })).toBe(anOverride().contentHash);
  });

  test('no uuid is in it: it is what people see', () => {
    expect(canonicalContent(anOverride())).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  test('the fingerprint is stable: this content has this hash for ever', () => {
    expect(contentHashOf(anOverride())).toBe('0db43abbd02266973a5a8ea8745af87466754480cdae848de3138f5f4f4d3022');
  });
});

describe('decideApproval', () => {
  const decide = (
    over: Partial<Override>,
    roles: Role[],
    decisions: Decision[] = [],
    more: { lastRetriedBy?: string } = {},
  ) => decideApproval(anOverride(over), decisions, checker(...roles), { ...facts, ...more })?.code ?? null;

  test.each<[string, Partial<Override>, Role[], string | null]>([
    ['an approver', {}, ['approver'], null],
    ['finance where the policy wants an approver', {}, ['finance'], 'role_not_in_policy'],
    ['a viewer', {}, ['viewer'], 'role_not_in_policy'],
    ['an admin: no super-user bypass', {}, ['admin'], 'role_not_in_policy'],
    ['the maker', { makerId: CHECKER }, ['approver', 'finance'], 'self_approval'],
    ['one second before expiry', { expiresAt: later(1 / 3600) }, ['approver'], null],
    ['at the instant of expiry', { expiresAt: NOW }, ['approver'], 'override_expired'],
  ])('%s: %s', (_, over, roles, code) => {
    expect(decide(over, roles)).toBe(code);
  });

  test.each(OVERRIDE_STATUSES)('in status %s', (status) => {
    expect(decide({ status }, ['approver'])).toBe(status === 'requested' ? null : 'override_not_open');
  });

  test('who last retried the payout', () => {
    expect(decide({}, ['approver'], [], { lastRetriedBy: CHECKER })).toBe('last_retrier');
    expect(decide({}, ['approver'], [], { lastRetriedBy: MAKER })).toBeNull();
  });

  test('nobody twice, not even after a rejection', () => {
    const override = anOverride(TWO_SEATS);
    for (const decision of ['approve', 'reject'] as const) {
      const made = [anApproval(override, CHECKER, ['finance'], { decision })];
      expect(decideApproval(override, made, checker('finance'), facts)?.code).toBe('already_approved');
    }
  });

  test.each<[Role[], Role[], string | null]>([
    [['approver'], ['finance'], null],
    [['finance'], ['approver'], null],
    [['finance'], ['finance'], null],
    [['approver'], ['approver'], 'role_not_in_policy'],
    [['approver'], ['approver', 'finance'], null],
    [['approver', 'finance'], ['approver'], null],
  ])('two, one of them finance: after %j comes %j: %s', (first, second, code) => {
    const override = anOverride(TWO_SEATS);
    const given = [anApproval(override, SECOND_CHECKER, first)];
    expect(decideApproval(override, given, checker(...second), facts)?.code ?? null).toBe(code);
  });

  test('an approval of other content holds no seat', () => {
    const override = anOverride(TWO_SEATS);
    const old = anApproval(override, SECOND_CHECKER, ['approver'], { contentHash: 'f'.repeat(64) });
    expect(countingApprovals(override, [old])).toEqual([]);
    expect(decideApproval(override, [old], checker('approver'), facts)).toBeNull();
  });

  test('the maker’s and a doubled approval never count, however they came there', () => {
    const override = anOverride(TWO_SEATS);
    const given = [
      anApproval(override, MAKER, ['finance']),
      anApproval(override, CHECKER, ['finance']),
      anApproval(override, CHECKER, ['approver']),
    ];
    expect(countingApprovals(override, given)).toHaveLength(1);
    expect(isApprovedBy(override.seats, countingApprovals(override, given))).toBe(false);
  });
});

describe('decideRejection and decideWithdrawal', () => {
  test.each(OVERRIDE_STATUSES)('in status %s', (status) => {
    const override = anOverride({ status });
    const open = status === 'requested' || status === 'approved';
    expect(decideRejection(override, [], checker('finance'), NOW)?.code ?? null).toBe(
      open ? null : 'override_not_open',
    );
    expect(decideWithdrawal(override, MAKER, NOW)?.code ?? null).toBe(open ? null : 'override_not_open');
  });

  test('the maker withdraws and never rejects; a checker rejects and never withdraws', () => {
    expect(decideRejection(anOverride(), [], { id: MAKER, roles: ['approver'] }, NOW)?.code).toBe('self_approval');
    expect(decideWithdrawal(anOverride(), CHECKER, NOW)?.code).toBe('permission_missing');
  });

  test('who signed it cannot reject it any more; another checker can', () => {
    const override = anOverride({ status: 'approved' });
    const given = [anApproval(override, CHECKER, ['approver'])];
    expect(decideRejection(override, given, checker('approver'), NOW)?.code).toBe('already_approved');
    expect(decideRejection(override, given, { id: SECOND_CHECKER, roles: ['finance'] }, NOW)).toBeNull();
  });

  test('neither after its time', () => {
    expect(decideRejection(anOverride(), [], checker('approver'), later(24))?.code).toBe('override_expired');
    expect(decideWithdrawal(anOverride(), MAKER, later(24))?.code).toBe('override_expired');
  });
});

describe('decideExecution', () => {
  const approved = anOverride({ status: 'approved' });
  const signed = [anApproval(approved, CHECKER, ['approver'])];
  const execution = (
    over: {
      override?: Override;
      decisions?: Decision[];
      now?: Date;
      subject?: SubjectSnapshot;
      seatsNow?: Override['seats'];
    } = {},
  ) =>
    decideExecution(over.override ?? approved, over.decisions ?? signed, {
      now: over.now ?? NOW,
      subject: over.subject ?? approved.subjectSnapshot,
      seatsNow: over.seatsNow ?? approved.seats,
    });

  test('approved, in time, unchanged: execute', () => {
    expect(execution()).toEqual({ do: 'execute' });
  });

  test.each<[OverrideStatus, string]>([
    ['requested', 'override_not_approved'],
    ['executed', 'override_not_open'],
    ['rejected', 'override_not_open'],
    ['withdrawn', 'override_not_open'],
    ['expired', 'override_not_open'],
    ['stale', 'override_not_open'],
  ])('in status %s: %s', (status, code) => {
    expect(execution({ override: anOverride({ status }) })).toMatchObject({ do: 'refuse', refusal: { code } });
  });

  test('a status that says approved is not believed: the approvals are counted', () => {
    for (const decisions of [
      [],
      [anApproval(approved, MAKER, ['approver'])],
      [anApproval(approved, CHECKER, ['finance'])],
      [anApproval(approved, CHECKER, ['approver'], { contentHash: '0'.repeat(64) })],
      [anApproval(approved, CHECKER, ['approver'], { decision: 'reject' })],
    ]) {
      expect(execution({ decisions })).toMatchObject({ do: 'refuse', refusal: { code: 'override_not_approved' } });
    }
  });

  test('a stricter policy since binds it', () => {
    expect(execution({ seatsNow: TWO_SEATS.seats })).toMatchObject({
      do: 'refuse',
      refusal: { code: 'override_not_approved' },
    });
  });

  test('content that does not hash to its fingerprint is never executed', () => {
    const edited = { ...approved, reason: 'Another reason altogether.' };
    expect(execution({ override: edited })).toMatchObject({ do: 'refuse', refusal: { code: 'content_changed' } });
  });

  test('at its expiry it ends', () => {
    expect(execution({ now: later(24) })).toMatchObject({ do: 'close', closing: { to: 'expired' } });
    expect(execution({ now: new Date(later(24).getTime() - 1) })).toEqual({ do: 'execute' });
  });

  test.each(Object.keys(approved.subjectSnapshot) as (keyof SubjectSnapshot)[])(
    'another %s makes it stale',
    (field) => {
      const subject = { ...approved.subjectSnapshot, [field]: 'changed' };
      expect(execution({ subject })).toMatchObject({
        do: 'close',
        closing: {
          to: 'stale',
          refusal: { code: 'override_stale', params: { field, now: 'changed' } },
          moved: { field, signed: approved.subjectSnapshot[field], now: 'changed' },
        },
      });
    },
  );
});

test('what is over neither expires nor goes stale', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('executed', 'rejected', 'withdrawn', 'expired', 'stale'),
      fc.nat(100),
      (status, hours) => {
        const override = anOverride({ status });
        const moved = { ...override.subjectSnapshot, status: 'paid' };
        return expiryOf(override, later(hours)) === null && stalenessOf(override, moved) === null;
      },
    ),
  );
});
