import { ACTS } from '@countersign/api/src/audit/audit-event.ts';
import { describe, expect, it } from 'vitest';
import { ACTS_BY_GROUP } from './acts.ts';
import { readQuestion } from './audit-question.ts';

describe('readQuestion', () => {
  it('takes what the address names', () => {
    expect(
      readQuestion({
        act: 'payout.retried',
        outcome: 'refused',
        actor: ' Ayşe ',
        subject: 'po_1',
        since: '2026-11-20',
        until: '2026-11-21',
      }),
    ).toEqual({
      act: 'payout.retried',
      outcome: 'refused',
      actor: 'Ayşe',
      subject: 'po_1',
      from: '2026-11-20',
      to: '2026-11-21',
    });
  });

  it('leaves out what nobody knows, instead of asking for it', () => {
    expect(
      readQuestion({ act: 'payout.stolen', outcome: 'maybe', actor: ' ', since: '2026-02-30', until: 'yesterday' }),
    ).toEqual({});
  });
});

describe('ACTS_BY_GROUP', () => {
  it('offers every act exactly once', () => {
    expect(ACTS_BY_GROUP.flatMap(({ acts }) => acts).sort()).toEqual([...ACTS].sort());
  });
});
