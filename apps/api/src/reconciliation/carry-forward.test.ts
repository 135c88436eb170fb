import { describe, expect, test } from 'vitest';
import { breakFactsHash, breakFingerprint, type Finding, finding, NO_SUBJECTS, type Resolution } from './break.ts';
import { carryForward, type PriorBreak, RUNAWAY_LIMIT } from './carry-forward.ts';

const DAY = '2026-11-20';

function missing(payoutId: string, over: Partial<Finding> = {}): Finding {
  return finding({
    kind: 'settlement',
    type: 'missing_at_provider',
    side: 'ledger_provider',
    detail: 'provider_lacks_paid',
    anchor: [payoutId],
    period: DAY,
    currency: 'EUR',
    oursMinor: -10_000n,
    differenceMinor: 10_000n,
    subjects: { ...NO_SUBJECTS, payoutIds: [payoutId] },
    ...over,
  });
}

function prior(of: Finding, over: Partial<PriorBreak> = {}): PriorBreak {
  return {
    id: `break of ${of.anchor.join()}`,
    kind: of.kind,
    type: of.type,
    side: of.side,
    fingerprint: breakFingerprint(of),
    period: of.period,
    currency: of.currency,
    subjects: of.subjects,
    state: 'open',
    resolution: null,
    disappeared: false,
    factsHash: breakFactsHash(of),
    ...over,
  };
}

function run(previous: readonly PriorBreak[], findings: readonly Finding[], over = {}) {
  return carryForward({ kind: 'settlement', period: DAY, previous, findings, examined: () => true, ...over });
}

const resolvedAs = (resolution: Resolution) => ({ state: 'resolved', resolution }) as const;

describe('one break', () => {
  const seen = missing('p1');

  test('first sight creates it', () => {
    expect(run([], [seen])).toMatchObject({ created: [seen], carried: [], cleared: [] });
  });

  test.each(['open', 'assigned'] as const)('%s and found again is carried', (state) => {
    const before = prior(seen, { state });
    const changed = missing('p1', { oursMinor: -9_999n });
    const plan = run([before], [changed]);
    expect(plan.carried).toEqual([{ prior: before, finding: changed }]);
    expect(plan.created).toEqual([]);
  });

  test('open, compared and gone is cleared', () => {
    expect(run([prior(seen)], []).cleared).toEqual([prior(seen)]);
  });

  test('open and not compared is left alone', () => {
    const plan = run([prior(seen)], [], { examined: () => false });
    expect(plan.cleared).toEqual([]);
    expect(plan.unexamined).toEqual([prior(seen)]);
  });

  test.each(['cleared', 'retried'] as const)('%s and back again is reopened', (resolution) => {
    const before = prior(seen, resolvedAs(resolution));
    expect(run([before], [seen]).reopened).toEqual([{ prior: before, finding: seen }]);
  });

  test.each(['accepted', 'written_off', 'overridden'] as const)('%s stays so while nothing changed', (resolution) => {
    const before = prior(seen, resolvedAs(resolution));
    const plan = run([before], [seen]);
    expect(plan.settled).toEqual([{ prior: before, finding: seen }]);
    expect(plan.reopened).toEqual([]);
  });

  test.each(['accepted', 'written_off', 'overridden'] as const)('%s reopens when its facts changed', (resolution) => {
    const before = prior(seen, resolvedAs(resolution));
    const worse = missing('p1', { differenceMinor: 20_000n });
    expect(run([before], [worse]).reopened).toEqual([{ prior: before, finding: worse }]);
  });

  test('overridden, gone, and back again is reopened: it has returned', () => {
    const before = prior(seen, { ...resolvedAs('overridden'), disappeared: true });
    expect(run([before], [seen]).reopened).toEqual([{ prior: before, finding: seen }]);
  });

  test('resolved and gone needs nothing', () => {
    const plan = run([prior(seen, resolvedAs('cleared'))], []);
    expect([plan.cleared, plan.unexamined, plan.reopened]).toEqual([[], [], []]);
  });

  test('a green April never hides a red March: another period is another break', () => {
    const march = prior(missing('p1', { period: '2026-03-31' }));
    const plan = run([march], [missing('p1', { period: '2026-04-30' })], { examined: () => false });
    expect(plan.created).toHaveLength(1);
    expect(plan.unexamined).toEqual([march]);
  });

  test('breaks of another kind are not looked at', () => {
    const other = prior(missing('p1', { kind: 'ledger_integrity' }));
    expect(run([other], [])).toMatchObject({ cleared: [], unexamined: [] });
  });

  test('two findings with one identity are a bug and said so', () => {
    expect(() => run([], [seen, missing('p1', { oursMinor: -1n })])).toThrow(RangeError);
    expect(() => run([prior(seen), prior(seen, { id: 'twin' })], [])).toThrow(RangeError);
  });
});

describe('runaway', () => {
  const many = (count: number, over: Partial<Finding> = {}) =>
    Array.from({ length: count }, (_, i) => missing(`p${i}`, over));

  test('as many as the limit are still single breaks', () => {
    const plan = run([], many(RUNAWAY_LIMIT));
    expect(RUNAWAY_LIMIT).toBe(200);
    expect(plan.created).toHaveLength(200);
    expect(plan.created.every((one) => one.runaway === null)).toBe(true);
  });

  test('one more is a single runaway break with count and sum', () => {
    const { created } = run([], many(201));
    expect(created).toHaveLength(1);
    expect(created[0]).toMatchObject({
      type: 'missing_at_provider',
      side: 'run',
      detail: 'runaway',
      period: DAY,
      currency: 'EUR',
      differenceMinor: 2_010_000n,
      runaway: { count: 201, differences: [{ currency: 'EUR', differenceMinor: 2_010_000n }] },
    });
    expect(created[0]?.runaway?.sample).toHaveLength(20);
  });

  test('several currencies are summed apart, never together', () => {
    const { created } = run([], [...many(150), ...many(300, { currency: 'JPY' }).slice(150)]);
    expect(created).toHaveLength(1);
    expect(created[0]).toMatchObject({ currency: null, differenceMinor: 0n });
    expect(created[0]?.runaway?.differences).toEqual([
      { currency: 'EUR', differenceMinor: 1_500_000n },
      { currency: 'JPY', differenceMinor: 1_500_000n },
    ]);
  });

  test('it is counted per type, and only what is new counts', () => {
    const old = many(150).map((one) => prior(one));
    const ambiguous = many(150, { type: 'ambiguous' });
    const plan = run(old, [...many(300), ...ambiguous]);
    expect(plan.carried).toHaveLength(150);
    expect(plan.created).toHaveLength(300);
  });

  test('a HIGH fact among them is kept', () => {
    const [first, ...rest] = many(201);
    if (!first) throw new Error('no finding');
    expect(run([], [{ ...first, unknownDebit: true }, ...rest]).created[0]?.unknownDebit).toBe(true);
  });

  test('the next run carries the runaway break, and clears it when it is over', () => {
    const [runaway] = run([], many(201)).created;
    if (!runaway) throw new Error('no runaway');
    const before = prior(runaway);
    expect(run([before], many(250)).carried).toMatchObject([{ prior: before, finding: { runaway: { count: 250 } } }]);
    expect(run([before], many(250)).created).toEqual([]);
    const over = run([before], many(3));
    expect(over.cleared).toEqual([before]);
    expect(over.created).toHaveLength(3);
  });

  test('only a run of the same period clears it', () => {
    const [runaway] = run([], many(201)).created;
    if (!runaway) throw new Error('no runaway');
    const before = prior(runaway);
    const plan = run([before], [], { period: '2026-11-21' });
    expect(plan.cleared).toEqual([]);
    expect(plan.unexamined).toEqual([before]);
  });
});
