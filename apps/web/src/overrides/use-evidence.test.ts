import { describe, expect, it } from 'vitest';
import { readEvidenceEnd } from './use-evidence.ts';

describe('readEvidenceEnd', () => {
  it('takes the hash that the server kept it under', () => {
    expect(readEvidenceEnd({ kind: 'answered', status: 201, text: '{"sha256":"ab","filename":"a.pdf"}' })).toEqual({
      at: 'kept',
      sha256: 'ab',
    });
  });

  it('tells a refusal from a lost answer', () => {
    const refused = JSON.stringify({ code: 'unsupported_media_type', params: { declared: 'video/mp4' } });
    expect(readEvidenceEnd({ kind: 'answered', status: 415, text: refused })).toEqual({
      at: 'refused',
      refusal: { code: 'unsupported_media_type', params: { declared: 'video/mp4' } },
    });
    expect(readEvidenceEnd({ kind: 'answered', status: 502, text: '<html>' })).toEqual({ at: 'lost' });
    expect(readEvidenceEnd({ kind: 'lost' })).toEqual({ at: 'lost' });
  });
});
