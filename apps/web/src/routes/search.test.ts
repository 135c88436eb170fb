import { describe, expect, it } from 'vitest';
import { readSearch } from './search.ts';

describe('readSearch', () => {
  const read = readSearch<{ filter?: string; panel?: string }>('filter', 'panel');

  it('keeps the named texts and drops everything else', () => {
    expect(read({ filter: 'stuck', panel: 'po_1', other: 'x' })).toEqual({ filter: 'stuck', panel: 'po_1' });
  });

  it('reads a reference of digits, which the router parses as a number, back as text', () => {
    expect(read({ panel: 12345 })).toEqual({ panel: '12345' });
  });

  it.each([{ panel: { a: 1 } }, { panel: null }, { panel: ['po_1'] }, { panel: '' }, { panel: 'x'.repeat(201) }])(
    'drops %o',
    (raw) => {
      expect(read(raw)).toEqual({});
    },
  );
});
