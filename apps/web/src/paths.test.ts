import { describe, expect, it } from 'vitest';
import { safeReturn } from './paths.ts';

describe('safeReturn', () => {
  it.each(['/payouts?filter=stuck', '/', '/overrides/ov_1'])('keeps the path %s', (path) => {
    expect(safeReturn(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/sign-in',
    '',
    undefined,
  ])('drops %s', (path) => {
    expect(safeReturn(path)).toBeNull();
  });
});
