import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { foldedWords, foldText } from './fold-text.ts';

describe('the folding of the database is ours', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test('fold_text is foldText', async () => {
    const letters = fc.string({
      unit: fc.oneof(
        fc.constantFrom(..."İIıiŞşĞğÜüÖöÇçÂâÎîÛûßøØłŁđĐðÞæŒœÄÉéñÑčšžőűΣςσДя漢字 -_/%'"),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      maxLength: 20,
    });
    const texts = fc.sample(letters, { numRuns: 500, seed: 3 });
    const { rows } = await database.db.query<{ folded: string }>(
      'SELECT fold_text(given) AS folded FROM unnest($1::text[]) WITH ORDINALITY AS t (given, n) ORDER BY n',
      [texts],
    );
    expect(rows.map((row) => row.folded)).toEqual(texts.map(foldText));
    expect(foldText('İŞÇİ ILIK ığdır Ğ')).toBe('isci ilik igdir g');
  });

  test('search_words are foldedWords, and no text is too long for them', async () => {
    const texts = ['İpek Işıklar-Ltd. (2026)', 'INV-2026-118', '1e5abc', '  ', 'ﷺ'.repeat(40), 'ş'.repeat(4_000)];
    const { rows } = await database.db.query<{ words: string[] }>(
      'SELECT tsvector_to_array(search_words(given)) AS words FROM unnest($1::text[]) WITH ORDINALITY AS t (given, n) ORDER BY n',
      [texts],
    );
    for (const [i, text] of texts.slice(0, 4).entries()) {
      expect(rows[i]?.words.toSorted()).toEqual(foldedWords(text).toSorted());
    }
    expect(rows).toHaveLength(texts.length);
  });
});
