import { describe, expect, it } from 'vitest';
import { readOutcome, uploadUrl } from './upload-file.ts';

const answered = (status: number, body: unknown) => ({
  kind: 'answered' as const,
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('readOutcome', () => {
  it('tells a new file from one that came before', () => {
    expect(readOutcome(answered(201, { outcome: 'imported', fileId: 'sf_1' })).kind).toBe('imported');
    expect(readOutcome(answered(200, { outcome: 'already_imported', fileId: 'sf_1' })).kind).toBe('already_imported');
  });

  it('lists the faults of a refused file, counts all of them, and keeps the reference', () => {
    const fault = { line: 7, code: 'date_invalid', params: {}, text: '' };
    expect(
      readOutcome(
        answered(422, {
          code: 'file_faulty',
          params: { faults: '1200' },
          instance: 'urn:countersign:request:req_9',
          faults: [fault],
          faultCount: 1200,
        }),
      ),
    ).toEqual({
      kind: 'refused',
      refusal: { code: 'file_faulty', params: { faults: '1200' } },
      faults: [fault],
      faultCount: 1200,
      reference: 'req_9',
    });
  });

  it('knows no outcome where the answer is lost, is the server’s failure, or is another’s page', () => {
    expect(readOutcome({ kind: 'lost' })).toEqual({ kind: 'unknown', reference: null });
    expect(readOutcome(answered(500, { code: 'internal', instance: 'urn:countersign:request:req_5' }))).toEqual({
      kind: 'unknown',
      reference: 'req_5',
    });
    expect(readOutcome(answered(413, '<html>too large</html>')).kind).toBe('unknown');
    expect(readOutcome(answered(200, '<html>ok</html>')).kind).toBe('unknown');
  });

  it('passes on that the person stopped it', () => {
    expect(readOutcome({ kind: 'canceled' })).toEqual({ kind: 'canceled' });
  });
});

describe('uploadUrl', () => {
  it('carries any name', () => {
    expect(uploadUrl('ekstre Şubat&Mart.xml')).toBe('/api/settlement-files?filename=ekstre%20%C5%9Eubat%26Mart.xml');
  });
});
