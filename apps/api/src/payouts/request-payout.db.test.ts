import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseId, toId } from '../core/ids.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  entriesOf,
  footprint,
  fundedParty,
  jobsOf,
  refusalOf,
  requestBody,
  reread,
  setPayoutsOn,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { payoutResource } from './payout-resource.ts';
import { requestPayout } from './request-payout.ts';

let database: TestDatabase;
let party: Awaited<ReturnType<typeof fundedParty>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  party = await fundedParty(database, { EUR: 100_000n, KWD: 100_000n, HUF: 100_000n, JPY: 100_000n });
});

const request = (body: unknown, call = callBy(MACHINE)) => execute(database.db, requestPayout, call, body);

describe('done', () => {
  test('the payout, its attempt, job, ledger entry, timeline and audit row are one commit', async () => {
    const { result } = await request(requestBody(party.reference, { reference: 'INV-1', metadata: { order: '7' } }));
    expect(payoutResource.parse(result)).toMatchObject({
      status: 'queued',
      amount_minor: '12500',
      currency: 'EUR',
      reference: 'INV-1',
      metadata: { order: '7' },
    });
    const id = parseId('payout', result.id) ?? '';
    const { payout, attempt } = await reread(database, id);
    expect(payout).toMatchObject({
      status: 'queued',
      version: 1,
      attemptCount: 1,
      requestedBy: MACHINE.label,
      expectedBy: ago(-120_000),
      stuckAt: ago(-900_000),
      createdAt: NOW,
    });
    expect(attempt).toMatchObject({ no: 1, status: 'ready', sendCount: 0, firstSentAt: null, previousId: null });
    expect(parseId('attempt', attempt.providerKey)).toBe(attempt.id);
    expect(await jobsOf(database, attempt.id)).toMatchObject([
      { task: 'payout.send', key: `payout.send:${attempt.id}`, payload: { attemptId: attempt.id } },
    ]);
    expect(await walletMinor(database, party.id)).toBe(87_500n);
    expect(await entriesOf(database, id)).toEqual(['payout_requested']);
    expect(await timelineOf(database, id)).toMatchObject([{ kind: 'requested', from: null, to: 'queued' }]);
    expect(await auditRows(database, id)).toMatchObject([
      {
        act: 'payout.requested',
        outcome: 'done',
        actor_id: MACHINE.id,
        after: { status: 'queued', reference: 'INV-1' },
      },
    ]);
  });

  test('while payouts are paused it is accepted and waits', async () => {
    await setPayoutsOn(database, false);
    try {
      expect((await request(requestBody(party.reference))).result.status).toBe('queued');
    } finally {
      await setPayoutsOn(database, true);
    }
  });

  test.each([
    ['the whole wallet', { amount_minor: '100000' }],
    ['three decimals in steps of ten', { currency: 'KWD', amount_minor: '12340' }],
    ['whole forints', { currency: 'HUF', amount_minor: '1000' }],
    ['yen', { currency: 'JPY', amount_minor: '1' }],
  ])('%s', async (_, over) => {
    expect((await request(requestBody(party.reference, over))).result.object).toBe('payout');
  });
});

describe('refused, and nothing half-written', () => {
  test.each([
    ['unknown currency', { currency: 'XTS' }, 'unknown_currency'],
    ['a currency in lower case', { currency: 'eur' }, 'unknown_currency'],
    ['an amount of 0', { amount_minor: '0' }, 'amount_not_positive'],
    ['a negative amount', { amount_minor: '-1' }, 'amount_not_positive'],
    ['beyond 2^53', { amount_minor: '9007199254740992' }, 'amount_too_large'],
    ['beyond 2^63', { amount_minor: '9223372036854775808' }, 'amount_too_large'],
    ['30 digits', { amount_minor: '9'.repeat(30) }, 'amount_too_large'],
    ['31 digits', { amount_minor: '9'.repeat(31) }, 'malformed'],
    ['a number, which JSON may have rounded', { amount_minor: 12500 }, 'malformed'],
    ['a decimal point', { amount_minor: '125.00' }, 'malformed'],
    ['an exponent', { amount_minor: '1e5' }, 'malformed'],
    ['a third decimal that banks do not pay', { currency: 'KWD', amount_minor: '12345' }, 'wrong_decimals'],
    ['half a forint', { currency: 'HUF', amount_minor: '1050' }, 'wrong_decimals'],
    ['an unknown party', { party: 'nobody' }, 'party_unknown'],
    ['a party id that names none', { party: 'pa_01kfh1v9c5fr0s2ph9b4w2zq6n' }, 'party_unknown'],
    ['more than the wallet holds', { amount_minor: '100001' }, 'insufficient_balance'],
    ['a currency that the wallet never had', { currency: 'USD' }, 'insufficient_balance'],
    ['an unknown rail', { rail: 'pigeon' }, 'malformed'],
    ['an unknown field', { amount: '12500' }, 'malformed'],
    ['no destination', { destination: undefined }, 'malformed'],
    ['an unknown field in the destination', { destination: { iban: 'x' } }, 'malformed'],
    [
      'too much metadata',
      { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, 'v'])) },
      'malformed',
    ],
    ['a NUL in the metadata', { metadata: { a: 'x\u0000y' } }, 'malformed'],
    ['half a character in the descriptor', { descriptor: 'a\ud800' }, 'malformed'],
  ])('%s: %s', async (_, over, code) => {
    const before = await footprint(database);
    const call = callBy(MACHINE);
    expect(await refusalOf(request(requestBody(party.reference, over), call))).toBe(code);
    expect(await footprint(database)).toEqual(before);
    const { rows } = await database.db.query<{ refusal_code: string }>(
      'SELECT refusal_code FROM audit_event WHERE request_id = $1',
      [call.request.requestId],
    );
    expect(rows).toEqual([{ refusal_code: code }]);
  });

  test.each([null, undefined, [], 'text', 12, { party: 'x' }])('a body that is none: %j', async (body) => {
    expect(await refusalOf(request(body))).toBe('malformed');
  });

  test('a reference of the same party twice; another party may use it', async () => {
    const other = await fundedParty(database);
    await request(requestBody(party.reference, { reference: 'INV-7' }));
    const before = await footprint(database);
    expect(await refusalOf(request(requestBody(party.reference, { reference: 'INV-7' })))).toBe('duplicate_reference');
    expect(await footprint(database)).toEqual(before);
    expect(await refusalOf(request(requestBody(other.reference, { reference: 'INV-7' })))).toBeNull();
  });
});

test('forbidden: people, jobs and machines without the scope', async () => {
  const before = await footprint(database);
  const reader = { ...MACHINE, scopes: ['payouts:read'] };
  for (const actor of [await person(database, 'admin', 'ops', 'finance', 'approver'), reader]) {
    expect(await refusalOf(request(requestBody(party.reference), callBy(actor)))).toBe('permission_missing');
  }
  expect(await footprint(database)).toEqual(before);
});

test('replayed: the stored answer, one payout, one debit', async () => {
  const call = callBy(MACHINE);
  const first = await request(requestBody(party.reference), call);
  const again = await request(requestBody(party.reference), call);
  expect(again).toEqual({ result: first.result, replayed: true });
  expect(await walletMinor(database, party.id)).toBe(87_500n);
  expect(await refusalOf(request(requestBody(party.reference, { amount_minor: '1' }), call))).toBe(
    'idempotency_key_reused',
  );
});

test('raced: of ten requests at once for a wallet that covers three, three are accepted', async () => {
  const poor = await fundedParty(database, { EUR: 30_000n });
  const body = requestBody(poor.reference, { amount_minor: '10000' });
  const codes = await Promise.all(Array.from({ length: 10 }, () => refusalOf(request(body, callBy(MACHINE)))));
  expect(codes.filter((code) => code === null)).toHaveLength(3);
  expect(codes.filter((code) => code === 'insufficient_balance')).toHaveLength(7);
  expect(await walletMinor(database, poor.id)).toBe(0n);
});

test('raced: one reference asked for twice at once names one payout', async () => {
  const body = requestBody(party.reference, { reference: 'INV-9' });
  const codes = await Promise.all([refusalOf(request(body)), refusalOf(request(body))]);
  expect(codes.sort()).toEqual(['duplicate_reference', null]);
  expect(await walletMinor(database, party.id)).toBe(87_500n);
});

test('the party may be named by our id', async () => {
  const { result } = await request(requestBody(toId('party', party.id)));
  expect(result.party).toBe(toId('party', party.id));
  expect(await walletMinor(database, party.id)).toBe(87_500n);
});
