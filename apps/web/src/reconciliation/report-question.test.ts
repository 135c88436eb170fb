import { describe, expect, it } from 'vitest';
import { classNow, isRunnable, missingSources, openDifferences, readFilter, sourceNames } from './report-question.ts';

const NONE = { LOW: 0, MED: 0, HIGH: 0 };
const share = { rule: 'settlement_share', risk: 'HIGH', inputs: {}, thresholds: {} } as const;

describe('classNow', () => {
  it.each([
    [{ ...NONE, LOW: 2, MED: 1, HIGH: 1 }, 'HIGH'],
    [{ ...NONE, LOW: 2, MED: 1 }, 'MED'],
    [{ ...NONE, LOW: 2 }, 'LOW'],
    [NONE, null],
  ])('of %o is %s', (open, risk) => {
    expect(classNow(open, [])).toBe(risk);
  });

  it('is HIGH for a small break on a day whose disputed share is past its limit', () => {
    expect(classNow({ ...NONE, LOW: 1 }, [share])).toBe('HIGH');
  });

  it('is nothing once every break is resolved, whatever the run said of the day', () => {
    expect(classNow(NONE, [share])).toBeNull();
  });
});

describe('sources', () => {
  const sources = { bank: { state: 'missing' }, ledger: { state: 'present' }, provider: { state: 'present' } } as const;

  it('are read ours first, and only those that the kind has', () => {
    expect(sourceNames(sources)).toEqual(['ledger', 'provider', 'bank']);
  });

  it('that are missing are told', () => {
    expect(missingSources(sources)).toEqual(['bank']);
    expect(missingSources({})).toEqual([]);
  });
});

describe('openDifferences', () => {
  it('leaves out currencies that come out even', () => {
    const total = (currency: 'EUR' | 'TRY', differenceMinor: string) => ({
      currency,
      differenceMinor,
      volumeMinor: '10',
      mismatchedMinor: '5',
    });
    expect(openDifferences([total('EUR', '0'), total('TRY', '-7200')])).toEqual([
      { currency: 'TRY', amountMinor: '-7200' },
    ]);
  });
});

describe('an address', () => {
  it('names a filter that is known, or means what is open', () => {
    expect(readFilter('cleared')).toBe('cleared');
    expect(readFilter('toString')).toBe('open');
    expect(readFilter(undefined)).toBe('open');
  });

  it('names a kind that can be run', () => {
    expect(isRunnable('ledger_vs_wallet')).toBe(true);
    expect(isRunnable('constructor')).toBe(false);
  });
});
