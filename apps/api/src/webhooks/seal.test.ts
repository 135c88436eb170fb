import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSeal } from './seal.ts';

const seal = openSeal('a secret of at least 32 characters');

describe('a sealed secret', () => {
  test('opens to what was sealed, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, owner) => {
        const sealed = seal.close(text, owner);
        expect(seal.open(sealed, owner)).toBe(text);
        expect(seal.close(text, owner)).not.toBe(sealed);
      }),
    );
  });

  test('does not show what is in it', () => {
    expect(Buffer.from(seal.close('whsec_visible', 'we_1').slice(3), 'base64url').toString('latin1')).not.toContain(
      'visible',
    );
  });

  test('opens for no other owner, under no other key, and not when a bit was changed', () => {
    const sealed = seal.close('whsec_1', 'we_1');
    expect(() => seal.open(sealed, 'we_2')).toThrow();
    expect(() => openSeal('another secret of at least 32 characters').open(sealed, 'we_1')).toThrow();
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => seal.open(`s1.${changed.toString('base64url')}`, 'we_1'), `byte ${i}`).toThrow();
    }
  });

  test.each(['', 's1.', 's1.AAAA', 's2.AAAA', 'whsec_plain'])('that is none: %o', (text) => {
    expect(() => seal.open(text, 'we_1')).toThrow();
  });
});
