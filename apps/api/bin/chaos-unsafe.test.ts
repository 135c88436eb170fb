import { describe, expect, it } from 'vitest';
import { readUnsafe } from './chaos-unsafe.ts';

const CHAOS = 'postgresql://postgres@127.0.0.1:5432/chaos_1';
const asked = { NODE_ENV: 'test', COUNTERSIGN_CHAOS_UNSAFE: 'unknown_mints_new_attempt' };

describe('a rule of safety is broken only on purpose', () => {
  it('in a test build, on a chaos database, when it is asked for by its name', () => {
    expect(readUnsafe(asked, CHAOS)).toBe('unknown_mints_new_attempt');
  });

  it.each([{}, { NODE_ENV: 'test' }, { NODE_ENV: 'test', COUNTERSIGN_CHAOS_UNSAFE: '' }])(
    'never unasked: %o',
    (env) => {
      expect(readUnsafe(env, CHAOS)).toBeNull();
    },
  );

  it.each([
    ['no test build', { ...asked, NODE_ENV: 'production' }, CHAOS],
    ['nothing said of the build', { COUNTERSIGN_CHAOS_UNSAFE: asked.COUNTERSIGN_CHAOS_UNSAFE }, CHAOS],
    ['another word', { ...asked, COUNTERSIGN_CHAOS_UNSAFE: 'true' }, CHAOS],
    ['the product’s database', asked, 'postgresql://postgres@127.0.0.1:5432/countersign'],
    ['"chaos" further in', asked, 'postgresql://postgres@127.0.0.1:5432/not_chaos?application_name=/chaos'],
    ['"chaos" as the host or the user', asked, 'postgresql://chaos:chaos@chaos:5432/countersign'],
  ])('%s: the process does not start', (_, env, url) => {
    expect(() => readUnsafe(env, url)).toThrow('COUNTERSIGN_CHAOS_UNSAFE');
  });
});
