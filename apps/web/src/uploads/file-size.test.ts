import { describe, expect, it } from 'vitest';
import { formatFileSize } from './file-size.ts';

const plain = (text: string) => text.replace(/\u00a0|\u202f/g, ' ');

describe('formatFileSize', () => {
  it.each([
    [0, '0 bytes', '0 bayt'],
    [812, '812 bytes', '812 bayt'],
    [1_000, '1 kB', '1 kB'],
    [1_250_000, '1.3 MB', '1,3 MB'],
    ['999999999', '1,000 MB', '1.000 MB'],
    [1_073_741_824, '1.1 GB', '1,1 GB'],
  ])('%s', (bytes, en, tr) => {
    expect(plain(formatFileSize(bytes, 'en'))).toBe(en);
    expect(plain(formatFileSize(bytes, 'tr'))).toBe(tr);
  });
});
