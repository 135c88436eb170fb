import { describe, expect, it } from 'vitest';
import { formatMoney } from '../lib/format.ts';
import { en } from '../lib/i18n/en.ts';
import { tr } from '../lib/i18n/tr.ts';
import { makeText } from '../lib/i18n.ts';
import { accountText, effectText, groupHash, policyText, seatsText, snapshotFieldText } from './override-words.ts';

const sayEn = makeText('en', en);
const sayTr = makeText('tr', tr);

describe('seatsText', () => {
  it('says one approval with the roles of which its giver needs one', () => {
    expect(seatsText(sayEn, [['approver', 'finance']])).toBe('needs one approval (approver or finance)');
    expect(seatsText(sayTr, [['approver']])).toBe('bir onay gerekir (onaylayan)');
  });

  it('says that two approvals come from two people', () => {
    expect(seatsText(sayEn, [['finance'], ['approver', 'finance']])).toBe(
      'needs 2 approvals by different people (finance + approver or finance)',
    );
  });
});

describe('policyText', () => {
  const seats = [['approver']] as const;
  const money = (one: { amountMinor: string | bigint; currency: string }) => formatMoney(one, 'en');
  const say = (band: { fromMinor: string | null; belowMinor: string | null } | null) =>
    policyText(sayEn, { seats, band, currency: 'TRY' }, money);

  it.each([
    [{ fromMinor: null, belowMinor: '4000000' }, 'Below TRY 40,000.00: needs one approval (approver).'],
    [
      { fromMinor: '4000000', belowMinor: '200000000' },
      'From TRY 40,000.00 to below TRY 2,000,000.00: needs one approval (approver).',
    ],
    [{ fromMinor: '200000000', belowMinor: null }, 'TRY 2,000,000.00 and more: needs one approval (approver).'],
    [{ fromMinor: null, belowMinor: null }, 'Any amount: needs one approval (approver).'],
    [null, 'needs one approval (approver).'],
  ])('%o', (band, sentence) => {
    expect(say(band)).toBe(sentence);
  });
});

describe('words', () => {
  it('says an effect with its amount', () => {
    expect(effectText(sayEn, 'mark_payout_paid', 'TRY 48,250.00')).toBe('mark TRY 48,250.00 paid');
    expect(effectText(sayTr, 'cancel_payout', 'TRY 48.250,00')).toBe('TRY 48.250,00 iptal edilsin');
  });

  it('names accounts and fields, and shows those it does not know as they are', () => {
    expect(accountText(sayEn, 'psp_clearing:stripe', () => 'Stripe')).toBe('Stripe clearing');
    expect(accountText(sayEn, 'payouts_in_flight', String)).toBe('payouts in flight');
    expect(accountText(sayEn, 'moon_base', String)).toBe('moon_base');
    expect(snapshotFieldText(sayEn, 'holder')).toBe('account holder');
    expect(snapshotFieldText(sayEn, 'shoe_size')).toBe('shoe_size');
  });

  it('groups a fingerprint by four', () => {
    expect(groupHash('3f8a19c2d07e44b1')).toEqual(['3f8a', '19c2', 'd07e', '44b1']);
  });
});
