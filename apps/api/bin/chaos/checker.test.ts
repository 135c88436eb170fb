import { describe, expect, test } from 'vitest';
import { toId } from '../../src/core/ids.ts';
import type { Payout } from '../../src/payouts/payout.ts';
import { deadlines } from '../../src/payouts/stuck.ts';
import { NOW } from '../../src/testing/calls.ts';
import { ago, anAttempt, aPayout } from '../../src/testing/payout-samples.ts';
import { check, type Findings, type PostingLine, type Snapshot, type TimelineLine } from './checker.ts';
import { shortLimits } from './database.ts';

const POLICY = { version: 1, rules: shortLimits() };
const PAID = aPayout({
  status: 'paid',
  statusAt: ago(60_000),
  paidAt: ago(60_000),
  metadata: { sandbox_identity: 'chaos-1-1' },
});
const ID = toId('payout', PAID.id);
const ATTEMPT = anAttempt({ status: 'paid', firstSentAt: ago(120_000), lastSentAt: ago(120_000), sendCount: 1 });
const MACHINE = { actorKey: 'machine:key-1', actorLabel: 'chaos-client' };
const JOB = { actorKey: 'job:payout.send', actorLabel: 'payout.send' };

const line = (
  kind: string,
  from: string | null,
  to: string | null,
  over: Partial<TimelineLine> = {},
): TimelineLine => ({
  payoutId: PAID.id,
  at: ago(120_000),
  kind,
  from,
  to,
  attemptId: ATTEMPT.id,
  actorLabel: JOB.actorLabel,
  entryId: null,
  ...over,
});

const audit = (seq: bigint, act: string, over: Partial<Snapshot['audit'][number]> = {}) => ({
  seq,
  at: ago(120_000),
  ...JOB,
  act,
  outcome: 'done',
  subjectKind: 'payout',
  subjectId: PAID.id,
  idempotencyKey: null,
  ...over,
});

const posting = (entryId: string, account: string, side: 'debit' | 'credit', over: Partial<PostingLine> = {}) => ({
  entryId,
  payoutId: PAID.id,
  account,
  currency: 'EUR',
  side,
  minor: 12_500n,
  ...over,
});

/** One payout that was asked for, sent and paid, with everything that belongs to it, and nothing wrong. */
const SOUND: Snapshot = {
  at: NOW,
  payouts: [PAID],
  attempts: [ATTEMPT],
  timeline: [
    line('requested', null, 'queued', { at: ago(130_000), actorLabel: MACHINE.actorLabel, entryId: 'e1' }),
    line('send_started', 'queued', 'sending'),
    line('accepted', 'sending', 'in_transit', { at: ago(119_000) }),
    line('provider_event', 'in_transit', 'paid', { at: ago(60_000), actorLabel: 'stripe webhook', entryId: 'e2' }),
  ],
  audit: [
    audit(1n, 'payout.requested', { at: ago(130_000), ...MACHINE, idempotencyKey: 'key-1' }),
    audit(2n, 'payout.send_started'),
    audit(4n, 'payout.send_recorded', { at: ago(119_000) }),
    audit(5n, 'payout.event_recorded', { at: ago(60_000), actorLabel: 'stripe webhook' }),
    audit(6n, 'payout.retried', { ...MACHINE, outcome: 'refused', idempotencyKey: 'key-9' }),
  ],
  postings: [
    posting('e0', 'psp_clearing:stripe', 'debit', { payoutId: null, minor: 90_000n }),
    posting('e0', 'wallet:w', 'credit', { payoutId: null, minor: 90_000n }),
    posting('e1', 'wallet:w', 'debit'),
    posting('e1', 'payouts_in_flight', 'credit'),
    posting('e2', 'payouts_in_flight', 'debit'),
    posting('e2', 'psp_clearing:stripe', 'credit'),
  ],
  balances: [
    { account: 'wallet:w', currency: 'EUR', minor: 77_500n, postings: 2n },
    { account: 'payouts_in_flight', currency: 'EUR', minor: 0n, postings: 2n },
    { account: 'psp_clearing:stripe', currency: 'EUR', minor: 77_500n, postings: 2n },
  ],
  keys: [{ actor: MACHINE.actorKey, key: 'key-1', operation: 'payouts.request' }],
  policies: [POLICY],
  payoutsOn: true,
  bulkRuns: [
    { id: 'b1', status: 'done', items: 3, open: 0, counted: 3 },
    { id: 'b2', status: 'previewed', items: 3, open: 3, counted: 0 },
  ],
  movements: [{ direction: 'out', amount: 12_500, currency: 'eur', payoutId: ID }],
  accepted: [{ idempotencyKey: 'key-1', payoutId: ID, amountMinor: 12_500, currency: 'EUR' }],
  surprises: [],
};

const NOTHING: Findings = { paid_twice: [], lost: [], stuck_without_badge: [], ledger_unbalanced: [], audit_gaps: [] };
const out = { direction: 'out', amount: 12_500, currency: 'eur', payoutId: ID } as const;
const back = { ...out, direction: 'back' } as const;

/** The sound snapshot with its payout left in another status, and everything else in keeping with that. */
function left(status: Payout['status'], over: Partial<Payout> = {}, attempt: Partial<typeof ATTEMPT> = {}): Snapshot {
  const at = ago(90_000);
  const payout = { ...PAID, status, statusAt: at, paidAt: null, ...deadlines(POLICY, PAID.rail, status, at), ...over };
  const moves: [string, string | null, string][] = {
    unconfirmed: [['answer_lost', 'sending', 'unconfirmed'] as [string, string, string]],
    in_transit: [['accepted', 'sending', 'in_transit'] as [string, string, string]],
    failed: [['rejected', 'sending', 'failed'] as [string, string, string]],
  }[status as 'unconfirmed' | 'in_transit' | 'failed'];
  const failed = status === 'failed';
  return {
    ...SOUND,
    payouts: [payout],
    attempts: [{ ...ATTEMPT, status: 'unknown', ...attempt }],
    timeline: [
      ...SOUND.timeline.slice(0, 2),
      ...moves.map(([kind, from, to]) => line(kind, from, to, { at, entryId: failed ? 'e2' : null })),
    ],
    audit: [...SOUND.audit.slice(0, 2), audit(7n, 'payout.send_recorded', { at })],
    postings: [
      ...SOUND.postings.slice(0, 4),
      ...(failed ? [posting('e2', 'payouts_in_flight', 'debit'), posting('e2', 'wallet:w', 'credit')] : []),
    ],
    balances: [
      { account: 'wallet:w', currency: 'EUR', minor: failed ? 90_000n : 77_500n, postings: failed ? 3n : 2n },
      {
        account: 'payouts_in_flight',
        currency: 'EUR',
        minor: failed ? 0n : 12_500n,
        postings: failed ? 2n : 1n,
      },
      { account: 'psp_clearing:stripe', currency: 'EUR', minor: 90_000n, postings: 1n },
    ],
    movements: [],
  };
}

describe('nothing is wrong', () => {
  test.each<[string, Snapshot]>([
    ['a paid payout', SOUND],
    ['one that failed at the provider before it was paid', { ...SOUND, movements: [out, back, out] }],
    ['one whose answer is lost, whether the money moved or not', left('unconfirmed')],
    ['one whose answer is lost and whose money moved', { ...left('unconfirmed'), movements: [out] }],
    ['one in transit', { ...left('in_transit', {}, { status: 'accepted' }), movements: [out] }],
    [
      'one that failed for good',
      left('failed', { failureCode: 'account_closed' }, { status: 'rejected', code: 'account_closed' }),
    ],
    [
      'numbers that a rolled back audit event left out',
      { ...SOUND, audit: SOUND.audit.filter(({ seq }) => seq !== 6n) },
    ],
  ])('%s', (_what, snapshot) => {
    expect(check(snapshot)).toEqual(NOTHING);
  });
});

/** Each plants one fault and names the one list in which it must be found, and nowhere else. */
const PLANTED: [what: string, list: keyof Findings, snapshot: Snapshot][] = [
  ['money out twice', 'paid_twice', { ...SOUND, movements: [out, out] }],
  ['money out twice, though one came back later', 'paid_twice', { ...SOUND, movements: [out, out, back] }],
  [
    'one request that became two payouts',
    'paid_twice',
    (() => {
      const twin = { ...PAID, id: '01930000-0000-7000-8000-000000000002' };
      const of = <T extends object>(rows: readonly T[], fields: Record<string, string>): T[] =>
        rows.map((row) => ({ ...row, ...fields }));
      const again = <T extends { entryId: string | null }>(row: T) => ({
        ...row,
        entryId: row.entryId && `${row.entryId}b`,
      });
      return {
        ...SOUND,
        payouts: [PAID, twin],
        timeline: [
          ...SOUND.timeline,
          ...of(SOUND.timeline, { payoutId: twin.id }).map((row) => ({ ...again(row), attemptId: null })),
        ],
        audit: [
          ...SOUND.audit,
          ...of(SOUND.audit, { subjectId: twin.id }).map((row) => ({
            ...row,
            seq: row.seq + 100n,
            idempotencyKey: row.idempotencyKey && `${row.idempotencyKey}b`,
          })),
        ],
        keys: [...SOUND.keys, { actor: MACHINE.actorKey, key: 'key-1b', operation: 'payouts.request' }],
        postings: [...SOUND.postings, ...of(SOUND.postings.slice(2), { payoutId: twin.id }).map(again)],
        balances: [
          { account: 'wallet:w', currency: 'EUR', minor: 65_000n, postings: 3n },
          { account: 'payouts_in_flight', currency: 'EUR', minor: 0n, postings: 4n },
          { account: 'psp_clearing:stripe', currency: 'EUR', minor: 65_000n, postings: 3n },
        ],
        movements: [out, { ...out, payoutId: toId('payout', twin.id) }],
      } as Snapshot;
    })(),
  ],
  [
    'accepted, and no row',
    'lost',
    { ...SOUND, accepted: [...SOUND.accepted, acceptedAs('01930000-0000-7000-8000-00000000dead')] },
  ],
  ['accepted with another amount', 'lost', { ...SOUND, accepted: [{ ...SOUND.accepted[0], amountMinor: 1 } as never] }],
  ['money for a payout that is not here', 'lost', { ...SOUND, movements: [out, { ...out, payoutId: 'po_nobody' }] }],
  ['money for nobody', 'lost', { ...SOUND, movements: [out, { ...out, payoutId: null }] }],
  ['another amount at the provider', 'lost', { ...SOUND, movements: [{ ...out, amount: 12_501 }] }],
  ['another currency at the provider', 'lost', { ...SOUND, movements: [{ ...out, currency: 'usd' }] }],
  ['paid here, not paid there', 'lost', { ...SOUND, movements: [] }],
  ['paid here, sent back there', 'lost', { ...SOUND, movements: [out, back] }],
  [
    'failed here, paid there',
    'lost',
    {
      ...left('failed', { failureCode: 'account_closed' }, { status: 'rejected', code: 'account_closed' }),
      movements: [out],
    },
  ],
  ['a good request that was refused', 'lost', { ...SOUND, surprises: ['key-7: HTTP 422'] }],
  [
    'an item of a bulk run that ended without it',
    'lost',
    { ...SOUND, bulkRuns: [{ id: 'b1', status: 'done', items: 3, open: 1, counted: 2 }] },
  ],
  [
    'an item of a bulk run that nobody counted',
    'lost',
    { ...SOUND, bulkRuns: [{ id: 'b1', status: 'canceled', items: 3, open: 0, counted: 2 }] },
  ],
  [
    'a bulk run that nobody carries on with',
    'stuck_without_badge',
    { ...SOUND, bulkRuns: [{ id: 'b1', status: 'running', items: 3, open: 3, counted: 0 }] },
  ],
  ['no deadline on the row', 'stuck_without_badge', left('unconfirmed', { expectedBy: null, stuckAt: null })],
  [
    'a deadline a year away',
    'stuck_without_badge',
    left('unconfirmed', { expectedBy: ago(-3.2e10), stuckAt: ago(-3.2e10) }),
  ],
  ['deadlines of a policy that is not there', 'stuck_without_badge', left('unconfirmed', { stuckPolicyVersion: 9 })],
  [
    'a badge that says retry where none is safe',
    'stuck_without_badge',
    left('unconfirmed', {}, { lastAnswer: { kind: 'found', status: 'paid' }, lastAskedAt: NOW }),
  ],
  [
    'an entry that does not balance',
    'ledger_unbalanced',
    {
      ...SOUND,
      postings: [...SOUND.postings, posting('e9', 'fees', 'debit', { payoutId: null })],
      balances: [...SOUND.balances, { account: 'fees', currency: 'EUR', minor: 12_500n, postings: 1n }],
    },
  ],
  [
    'a stored balance that drifted',
    'ledger_unbalanced',
    {
      ...SOUND,
      balances: SOUND.balances.with(0, { account: 'wallet:w', currency: 'EUR', minor: 77_501n, postings: 2n }),
    },
  ],
  [
    'a stored balance with a wrong count',
    'ledger_unbalanced',
    {
      ...SOUND,
      balances: SOUND.balances.with(0, { account: 'wallet:w', currency: 'EUR', minor: 77_500n, postings: 3n }),
    },
  ],
  ['an account without a stored balance', 'ledger_unbalanced', { ...SOUND, balances: SOUND.balances.slice(1) }],
  [
    'a status that the ledger does not know of',
    'ledger_unbalanced',
    {
      ...left('failed', { failureCode: 'account_closed' }, { status: 'rejected', code: 'account_closed' }),
      ...ledgerOf(left('unconfirmed')),
      timeline: left('failed').timeline.map((row) => (row.entryId === 'e2' ? { ...row, entryId: null } : row)),
    },
  ],
  [
    'a timeline line without an audit event',
    'audit_gaps',
    { ...SOUND, audit: SOUND.audit.filter(({ seq }) => seq !== 2n) },
  ],
  [
    'an audit event of another instant',
    'audit_gaps',
    { ...SOUND, audit: SOUND.audit.map((row) => (row.seq === 2n ? { ...row, at: NOW } : row)) },
  ],
  [
    'an audit event of somebody else',
    'audit_gaps',
    { ...SOUND, audit: SOUND.audit.map((row) => (row.seq === 2n ? { ...row, actorLabel: 'somebody' } : row)) },
  ],
  [
    'only a refusal in the audit log',
    'audit_gaps',
    { ...SOUND, audit: SOUND.audit.map((row) => (row.seq === 2n ? { ...row, outcome: 'refused' } : row)) },
  ],
  [
    'asked for twice in the audit log',
    'audit_gaps',
    { ...SOUND, audit: [...SOUND.audit, audit(9n, 'payout.requested')] },
  ],
  [
    'a timeline with a hole',
    'audit_gaps',
    { ...SOUND, timeline: SOUND.timeline.filter(({ kind }) => kind !== 'accepted') },
  ],
  [
    'a step that no payout may take',
    'audit_gaps',
    {
      ...SOUND,
      timeline: [
        ...SOUND.timeline.slice(0, 1),
        line('provider_event', 'queued', 'paid', { entryId: 'e2' }),
        line('send_started', null, null),
      ],
    },
  ],
  [
    'a timeline that ends elsewhere',
    'audit_gaps',
    { ...SOUND, timeline: [...SOUND.timeline, line('provider_event', 'paid', 'returned')] },
  ],
  ['a send that nobody told of', 'audit_gaps', { ...SOUND, attempts: [{ ...ATTEMPT, sendCount: 2 }] }],
  [
    'a journal entry that no line names',
    'audit_gaps',
    {
      ...SOUND,
      timeline: SOUND.timeline.map((row) => ({ ...row, entryId: row.entryId === 'e2' ? null : row.entryId })),
    },
  ],
  [
    'a line that names no journal entry',
    'audit_gaps',
    { ...SOUND, timeline: SOUND.timeline.map((row) => ({ ...row, entryId: row.entryId ?? 'e7' })) },
  ],
  [
    'a command without its event',
    'audit_gaps',
    { ...SOUND, keys: [...SOUND.keys, { actor: 'person:p', key: 'k', operation: 'payouts.retry' }] },
  ],
  [
    'a command that was done twice',
    'audit_gaps',
    { ...SOUND, audit: [...SOUND.audit, audit(9n, 'payout.retried', { ...MACHINE, idempotencyKey: 'key-1' })] },
  ],
  [
    'an event of a command that has no result',
    'audit_gaps',
    { ...SOUND, audit: [...SOUND.audit, audit(9n, 'payout.retried', { ...MACHINE, idempotencyKey: 'key-5' })] },
  ],
  ['one number twice', 'audit_gaps', { ...SOUND, audit: [...SOUND.audit, audit(5n, 'payout.checked')] }],
];

function acceptedAs(uuid: string) {
  return { idempotencyKey: uuid, payoutId: toId('payout', uuid), amountMinor: 12_500, currency: 'EUR' };
}

function ledgerOf({ postings, balances }: Snapshot): Pick<Snapshot, 'postings' | 'balances'> {
  return { postings, balances };
}

describe('the checker sees a planted fault, and only that', () => {
  test.each(PLANTED)('%s', (_what, list, snapshot) => {
    const found = check(snapshot);
    expect(found[list]).not.toEqual([]);
    expect({ ...found, [list]: [] }).toEqual(NOTHING);
  });

  test('one key that was answered with two payouts', () => {
    const second = { ...SOUND.accepted[0], payoutId: acceptedAs('01930000-0000-7000-8000-00000000dead').payoutId };
    const found = check({ ...SOUND, accepted: [...SOUND.accepted, second as Snapshot['accepted'][number]] });
    expect(found.paid_twice).toEqual(['key-1: one key was answered with two payouts']);
  });
});
