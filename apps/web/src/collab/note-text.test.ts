import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertName, noteParts, typingAt } from './note-text.ts';

const names = ['Ayşe Yılmaz', 'Jonas Weber'];
const matches = (query: string): boolean =>
  names.some((name) => name.toLowerCase().startsWith(query.trim().toLowerCase()));

describe('who is being named', () => {
  it.each([
    ['@', 1, ''],
    ['hello @ay', 9, 'ay'],
    ['hello @ayşe y', 13, 'ayşe y'],
    ['(@jo', 4, 'jo'],
    ['@jonas and @a', 13, 'a'],
  ])('%o at %i is %o', (text, caret, query) => {
    expect(typingAt(text, caret, matches)).toEqual({ start: caret - query.length - 1, query });
  });

  it.each([
    ['nobody: no @', 'hello', 5],
    ['nobody: an address', 'mail@jo', 7],
    ['nobody: no name begins so', '@zz', 3],
    ['nobody: the name is over', '@jonas weber please', 19],
    ['nobody: a space comes first', '@ a', 3],
    ['nobody: on the line above', '@jo\nnas', 7],
    ['nobody: the caret is before it', 'x @jo', 2],
  ])('%s', (_, text, caret) => {
    expect(typingAt(text, caret, matches)).toBeNull();
  });
});

describe('a picked name', () => {
  it('takes the place of what was typed, with one space after it', () => {
    expect(insertName('ask @ay today', { start: 4, query: 'ay' }, 'Ayşe Yılmaz')).toEqual({
      text: 'ask @Ayşe Yılmaz today',
      caret: 17,
    });
    expect(insertName('@', { start: 0, query: '' }, 'Jonas Weber')).toEqual({ text: '@Jonas Weber ', caret: 13 });
  });
});

describe('the parts of a note', () => {
  const ali = { id: '1', name: 'Ali Can' };
  const canan = { id: '2', name: 'Ali Canan' };

  it('are its words and the names in it; the longer name is found first', () => {
    expect(noteParts('ask @Ali Canan, not @Ali Can.', [ali, canan])).toEqual([
      { text: 'ask ', person: null, at: 0 },
      { text: '@Ali Canan', person: canan, at: 4 },
      { text: ', not ', person: null, at: 14 },
      { text: '@Ali Can', person: ali, at: 20 },
      { text: '.', person: null, at: 28 },
    ]);
  });

  it('names nobody who was not named, and nobody inside an address', () => {
    expect(noteParts('@Ali Can', [])).toEqual([{ text: '@Ali Can', person: null, at: 0 }]);
    expect(noteParts('x@Ali Can', [ali])).toEqual([{ text: 'x@Ali Can', person: null, at: 0 }]);
  });

  it('are the whole note, whatever it is', () => {
    const body = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('@Ali Can', '@Ali Canan', '@', '\n')))
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(body, (text) => {
        const parts = noteParts(text, [ali, canan]);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        for (const part of parts) if (part.person) expect(part.text).toBe(`@${part.person.name}`);
      }),
    );
  });
});
