import { FAULTS, fault } from '@countersign/api/src/settlement/settlement-fault.ts';
import { describe, expect, it } from 'vitest';
import { en } from '../lib/i18n/en.ts';
import { tr } from '../lib/i18n/tr.ts';
import { makeText } from '../lib/i18n.ts';
import { faultText } from './fault-words.ts';

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('the sentences of faults', () => {
  it.each(Object.entries(FAULTS))('%s says in both languages what the api says', (code, { text }) => {
    expect(names(en.settlement.faults[code as keyof typeof FAULTS])).toEqual(names(text));
    expect(names(tr.settlement.faults[code as keyof typeof FAULTS])).toEqual(names(text));
  });
});

describe('faultText', () => {
  it('fills the sentence with what the file says', () => {
    const bad = fault('date_invalid', 4, { field: 'BookgDt', value: '2026-02-30' });
    expect(faultText(makeText('en', en), bad)).toBe('BookgDt “2026-02-30” is not a date.');
    expect(faultText(makeText('tr', tr), bad)).toBe('BookgDt “2026-02-30” bir tarih değil.');
  });

  it('falls back to the server’s sentence for a code that it does not know', () => {
    expect(
      faultText(makeText('en', en), { line: 1, code: 'unheard_of' as never, params: {}, text: 'Something new.' }),
    ).toBe('Something new.');
  });
});
