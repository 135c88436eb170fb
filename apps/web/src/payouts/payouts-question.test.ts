import { describe, expect, it } from 'vitest';
import { readFilter, readSort } from './payouts-question.ts';

describe('the question in the address', () => {
  it.each([
    ['stuck', 'stuck'],
    ['toString', 'open'],
    ['', 'open'],
    [undefined, 'open'],
  ])('reads the filter %s as %s', (text, filter) => {
    expect(readFilter(text)).toBe(filter);
  });

  it('puts what waits longest first in the stuck queue, unless the address says otherwise', () => {
    expect(readSort(undefined, 'stuck')).toBe('stuck_longest');
    expect(readSort('newest', 'stuck')).toBe('newest');
    expect(readSort('nonsense', 'open')).toBe('newest');
  });
});
