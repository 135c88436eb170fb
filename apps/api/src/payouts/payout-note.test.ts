import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerptOf, mentionedIn, noteBody } from './payout-note.ts';

const AYSE = { id: '1', name: 'Ayşe Yılmaz' };
const ALI = { id: '2', name: 'Ali Can' };
const CANAN = { id: '3', name: 'Ali Canan' };
const SIGNS = { id: '4', name: 'O’Brien (Ops) [2]*' };
const ALL = [AYSE, ALI, CANAN, SIGNS];

describe('who a note names, of those who were picked', () => {
  test.each<[string, (typeof ALL)[number][]]>([
    ['@Ayşe Yılmaz please look', [AYSE]],
    ['please look, @Ayşe Yılmaz.', [AYSE]],
    ['(@Ayşe Yılmaz)', [AYSE]],
    ['@Ayşe Yılmaz’a sordum', [AYSE]],
    ['@Ali Canan', [CANAN]],
    ['@Ali Canan and @Ali Can', [ALI, CANAN]],
    ['@Ali Can @Ali Can', [ALI]],
    ['@Ayşe Yılmaz@Ali Can', [AYSE, ALI]],
    ['@O’Brien (Ops) [2]* knows', [SIGNS]],
    ['@ayşe yılmaz', []],
    ['Ayşe Yılmaz', []],
    ['mail@Ayşe Yılmaz', []],
    ['@Ayşe', []],
    ['@Ayşe Yılmazlar', []],
    ['', []],
  ])('%s', (body, named) => {
    expect(mentionedIn(body, ALL)).toEqual(named);
  });

  test('the same letters written otherwise (ş as s and a cedilla) name the same person', () => {
    expect(mentionedIn('@Ayşe Yılmaz'.normalize('NFD'), [AYSE])).toEqual([AYSE]);
  });

  const name = fc.stringMatching(/^[A-Z][a-z]{1,6}( [A-Z][a-z]{1,6})?$/);
  const people = fc
    .uniqueArray(name, { minLength: 1, maxLength: 6 })
    .map((names) => names.map((one, at) => ({ id: String(at), name: one })));
  test('everybody who is written with spaces around is named, and nobody else', () => {
    fc.assert(
      fc.property(
        people.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all))),
        fc.stringMatching(/^[a-z ]{0,20}$/),
        ([all, written], words) => {
          const body = `${words} ${written.map((person) => `@${person.name}`).join(', ')}`;
          expect(mentionedIn(body, all)).toEqual(written);
        },
      ),
    );
  });

  test('only those who were picked, each once, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), people, (body, picked) => {
        const named = mentionedIn(body, picked);
        expect(new Set(named).size).toBe(named.length);
        for (const person of named) {
          expect(picked).toContain(person);
          expect(body.normalize('NFC')).toContain(`@${person.name}`);
        }
      }),
    );
  });
});

describe('a note', () => {
  test('has one kind of line end, and nothing before or after', () => {
    expect(noteBody(' \r\n one\r\ntwo\rthree \n')).toBe('one\ntwo\nthree');
  });

  test('is cut between characters that people see, never inside one', () => {
    expect(excerptOf('one\n\n two\tthree')).toBe('one two three');
    expect(excerptOf('x'.repeat(140))).toBe('x'.repeat(140));
    expect(excerptOf('x'.repeat(141))).toBe(`${'x'.repeat(139)}…`);
    const family = '👩‍👩‍👧‍👦';
    expect(excerptOf(family.repeat(200))).toBe(`${family.repeat(139)}…`);
  });

  test('is never cut into half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(excerptOf(text).isWellFormed()).toBe(true);
        expect(excerptOf(text)).not.toMatch(/\n/);
      }),
    );
  });
});
