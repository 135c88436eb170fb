import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROLES } from '../core/actor.ts';
import { allSeated, type Seats } from './seats.ts';

test.each<[string, Seats, Seats, boolean]>([
  ['nobody', [], [['approver']], true],
  ['nobody fills no seat', [['approver']], [], false],
  ['one', [['approver']], [['finance'], ['approver']], true],
  ['two who fit one seat only', [['approver'], ['approver']], [['finance'], ['approver']], false],
  ['two who must change places', [['approver', 'finance'], ['approver']], [['approver', 'finance'], ['finance']], true],
  ['more than there is room for', [['finance'], ['finance'], ['finance']], [['finance'], ['finance']], false],
])('%s', (_, these, those, seated) => {
  expect(allSeated(these, those)).toBe(seated);
});

const roles = fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 });
const seats = fc.array(roles, { maxLength: 4 });

test('the order in which people come does not matter', () => {
  fc.assert(
    fc.property(
      seats,
      seats,
      (these, those) => allSeated(these, those) === allSeated(these.toReversed(), those.toReversed()),
    ),
  );
});

test('one more person never makes room, one more seat never takes it', () => {
  fc.assert(
    fc.property(seats, seats, roles, (these, those, one) => {
      if (allSeated([...these, one], those)) expect(allSeated(these, those)).toBe(true);
      if (allSeated(these, those)) expect(allSeated(these, [...those, one])).toBe(true);
    }),
  );
});
