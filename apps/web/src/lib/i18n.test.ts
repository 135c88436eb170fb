import { describe, expect, it } from 'vitest';
import { en } from './i18n/en.ts';
import { tr } from './i18n/tr.ts';
import { type Dictionary, makeText } from './i18n.ts';

function leaves(tree: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found.set(here, value);
    else for (const [inner, text] of leaves(value, here)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();

describe('texts', () => {
  const english = leaves(en);
  const turkish = leaves(tr);

  it('has the same keys in both languages', () => {
    expect([...turkish.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english.keys()])('%s has the same placeholders in both', (key) => {
    expect(placeholders(turkish.get(key) ?? '')).toEqual(placeholders(english.get(key) ?? ''));
  });

  it('leaves no text empty', () => {
    const empty = [...english, ...turkish].filter(([, text]) => text.trim() === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });
});

describe('makeText', () => {
  const sayEn = makeText('en', en satisfies Dictionary);
  const sayTr = makeText('tr', tr);

  it('takes the plural form of the language and groups the count', () => {
    expect(sayEn('shell.nav.stuck', { count: 1 })).toBe('1 stuck payout');
    expect(sayEn('shell.nav.stuck', { count: 4982 })).toBe('4,982 stuck payouts');
    expect(sayTr('shell.nav.stuck', { count: 4982 })).toBe('4.982 takılmış ödeme');
  });

  it('puts parameters in as they are, never reading them as placeholders or patterns', () => {
    expect(sayEn('common.copyId', { id: '{id} $& po_1' })).toBe('Copy {id} $& po_1');
  });
});
