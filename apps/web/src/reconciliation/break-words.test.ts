import { RISK_POLICY_V1 } from '@countersign/api/src/reconciliation/risk-policy.ts';
import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatMoney, formatTime } from '../lib/format.ts';
import { en } from '../lib/i18n/en.ts';
import { tr } from '../lib/i18n/tr.ts';
import { makeText } from '../lib/i18n.ts';
import type { Language } from '../lib/language.ts';
import { accountParts, actionText, measureText, reasonText, ruleText, sideText, tellingRules } from './break-words.ts';

const say = { en: makeText('en', en), tr: makeText('tr', tr) };

/** The formatters that the words need, without a component around them. */
function formatOf(language: Language) {
  return {
    money: (money, signed = false) => formatMoney(money, language, signed),
    duration: (ms) => formatDuration(ms, language),
    count: (count) => formatCount(count, language),
    time: (at) => formatTime(new Date(at), language, 'utc'),
  } as Parameters<typeof measureText>[1];
}

describe('the words of rules', () => {
  const rules = [...RISK_POLICY_V1.rules.map(({ rule }) => rule), 'otherwise'];

  it.each(rules)('%s has words in both languages', (rule) => {
    expect(ruleText(say.en, rule)).not.toBe(rule);
    expect(ruleText(say.tr, rule)).not.toBe(rule);
  });

  it('says a rule of a newer policy as it is', () => {
    expect(ruleText(say.en, 'moon_phase')).toBe('moon_phase');
  });
});

describe('measureText', () => {
  const measure = (inputs: Record<string, string>, thresholds: Record<string, string>, language: Language = 'en') =>
    measureText(say[language], formatOf(language), { rule: 'any', risk: 'HIGH', inputs, thresholds });

  it.each([
    ['EUR', '12904.10', '10000.00', 'EUR 12,904.10 ≥ EUR 10,000.00'],
    ['JPY', '1500000', '1500000', 'JPY 1,500,000 ≥ JPY 1,500,000'],
    ['KWD', '3000.005', '3000.000', 'KWD 3,000.005 ≥ KWD 3,000.000'],
  ])('writes an amount of %s with the decimals of its currency', (currency, amount, limit, words) => {
    expect(measure({ currency, amount }, { amount: limit })).toBe(words);
  });

  it('writes ages as lengths and drifts as counts', () => {
    expect(measure({ age_ms: '259200000' }, { age_ms: '259200000' })).toBe('3 d ≥ 3 d');
    expect(measure({ drift: '-1031' }, { drift: '30.00' })).toBe('-1,031 > 30.00');
  });

  it('writes a share with its two sums', () => {
    const inputs = { currency: 'TRY', mismatched_minor: '7200', volume_minor: '1000000' };
    expect(measure(inputs, { share_percent: '0.10' })).toBe('TRY 72.00 of TRY 10,000.00 is more than 0.10 %');
  });

  it('says nothing where the name of the rule says it all', () => {
    expect(measure({ unknownDebit: 'true' }, {})).toBeNull();
    expect(measure({ type: 'ambiguous' }, {})).toBeNull();
  });
});

describe('tellingRules', () => {
  const amount = (rule: string, limit: string) => ({
    rule,
    risk: 'HIGH' as const,
    inputs: { currency: 'EUR', amount: '24961.20' },
    thresholds: { amount: limit },
  });
  const fact = (name: string) => ({ rule: name, risk: 'HIGH' as const, inputs: { [name]: 'true' }, thresholds: {} });

  it('leaves out the weaker limit on the same amount, and nothing else', () => {
    const fired = [fact('unknownDebit'), amount('amount_high', '10000.00'), amount('amount_medium', '1000.00')];
    expect(tellingRules(fired).map(({ rule }) => rule)).toEqual(['unknownDebit', 'amount_high']);
    expect(tellingRules([fact('unknownDebit'), fact('negativeWallet')])).toHaveLength(2);
  });
});

describe('what to do', () => {
  const action = (change: Partial<Parameters<typeof reasonText>[1]>): Parameters<typeof reasonText>[1] => ({
    action: 'manual_review',
    until: null,
    why: { code: 'amounts_differ', params: {} },
    preconditions: [],
    ...change,
  });

  it('names the hour to wait for', () => {
    const wait = action({ action: 'wait_until', until: '2026-11-21T05:15:00.000Z' });
    expect(actionText(say.en, formatOf('en'), wait)).toBe('Wait until 05:15');
    expect(actionText(say.tr, formatOf('tr'), wait)).toBe('Bekle: 05:15');
  });

  it('gives the reason of the payout’s own retry decision', () => {
    const blocked = action({ why: { code: 'retry_blocked', params: { code: 'payouts_paused' } } });
    expect(reasonText(say.en, blocked)).toBe('A retry is not possible now: sending is off.');
  });

  it('counts the candidates', () => {
    const choose = action({ why: { code: 'choose_among_candidates', params: { count: '3' } } });
    expect(reasonText(say.en, choose)).toMatch(/^3 lines fit/);
  });
});

describe('sideText', () => {
  const side = (state: Parameters<typeof sideText>[1]['state'], lines = 0) =>
    sideText(say.en, { state, amountMinor: null, lines });

  it('tells a file that is not there from a line that is not in it', () => {
    expect(side('missing')).toBe('missing');
    expect(side('nothing')).toBe('–');
    expect(side('not_compared')).toBe('');
    expect(side('present', 2)).toBe('2 lines');
  });
});

describe('accountParts', () => {
  it('parts a kind of account from whose it is', () => {
    expect(accountParts('wallet:pa_01abc')).toEqual({ kind: 'wallet', id: 'pa_01abc' });
    expect(accountParts('suspense')).toEqual({ kind: 'suspense', id: null });
  });
});
