import { describe, expect, it } from 'vitest';
import { groupSearch, groupSelection } from './payout-group.ts';
import { askedOf, readQuestion } from './payouts-question.ts';

describe('a group of the queue', () => {
  const search = { filter: 'stuck', rail: 'sepa', cause: 'no_answer,failed_undecided', q: 'ada' };
  const group = {
    where: {
      ...readQuestion(search).where,
      cause: ['failed_undecided' as const],
      code: ['account_closed'],
      provider: ['stripe'],
    },
  };

  it('shows as rows exactly what it is acted on', () => {
    const rows = readQuestion({ ...search, ...groupSearch(readQuestion(search), group) });
    expect(askedOf(rows)).toEqual(groupSelection('stuck', group));
    expect(rows.grouped).toBe(false);
    expect(rows.where).toMatchObject({ rail: ['sepa'], text: 'ada' });
  });
});
