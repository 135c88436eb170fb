import { describe, expect, it } from 'vitest';
import { isModified, searchOfView, viewSearch } from './view-search.ts';

describe('what a view keeps', () => {
  const saved = { filter: 'stuck', rail: 'sepa', cols: 'payee,amount' };

  it('is the question and how it is shown, without the open panel and the view’s own name', () => {
    expect(viewSearch({ ...saved, panel: 'po_1', view: 'morning', sort: '' })).toEqual(saved);
  });

  it('is modified by another value, one more or one less, and not by an open panel', () => {
    const asSaved = searchOfView('morning', saved);
    expect(isModified(asSaved, saved)).toBe(false);
    expect(isModified({ ...asSaved, panel: 'po_1' }, saved)).toBe(false);
    expect(isModified({ ...asSaved, rail: 'wire' }, saved)).toBe(true);
    expect(isModified({ ...asSaved, q: 'ada' }, saved)).toBe(true);
    expect(isModified({ view: 'morning', filter: 'stuck', rail: 'sepa' }, saved)).toBe(true);
  });
});
