import type { PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import type { Text } from '../lib/i18n.ts';
import { failureCodeText } from './failure-code.ts';
import { providerName } from './payout-look.ts';
import { LIST_FIELDS, type ListField, ONE_FIELDS, type OneField } from './payouts-question.ts';

/** Names of people and merchants that the screen has seen, for their ids. */
export type Names = ReadonlyMap<string, string>;

export type FilterField = ListField | OneField | 'text';

/** What one value of a field is called. */
export function valueText(t: Text, field: FilterField, value: string, names: Names): string {
  switch (field) {
    case 'status':
      return t(`payouts.status.${value as 'paid'}`);
    case 'level':
      return t(`payouts.desk.levels.${value as 'late'}`);
    case 'cause':
      return t(`payouts.desk.causes.${value as 'never_sent'}`);
    case 'code':
      return value === 'none' ? t('payouts.desk.noCode') : failureCodeText(t, value);
    case 'rail':
      return t(`payouts.rails.${value as 'wire'}`);
    case 'provider':
      return providerName(value);
    case 'kind':
      return t(`payouts.desk.kinds.${value as 'payout'}`);
    case 'owner':
      return value === 'me' || value === 'nobody' ? t(`payouts.desk.owners.${value}`) : (names.get(value) ?? value);
    case 'merchant':
      return names.get(value) ?? value;
    case 'age':
      return ageText(t, value);
    default:
      return value;
  }
}

const AGES = ['<1h', '<24h', '<7d', '>1h', '>24h', '>7d', '>30d'] as const;

/** The ages that the menu offers; the address takes any. */
export { AGES };

function ageText(t: Text, age: string): string {
  const usual = AGES.find((one) => one === age);
  if (usual) return t(`payouts.desk.ages.${usual}`);
  const length = t(age.endsWith('d') ? 'payouts.desk.days' : 'payouts.desk.hours', {
    count: Number.parseInt(age.slice(1), 10),
  });
  return t(age.startsWith('<') ? 'payouts.desk.ageOther.younger' : 'payouts.desk.ageOther.older', { length });
}

export interface Token {
  field: FilterField;
  /** What it narrows to, in words. */
  values: string;
}

/** The fields that narrow, each with its values in words. */
export function tokensOf(t: Text, where: PayoutWhere, names: Names): Token[] {
  const tokens: Token[] = [];
  for (const field of [...LIST_FIELDS, ...ONE_FIELDS, 'text'] as const) {
    const value = where[field];
    if (value === undefined) continue;
    const values = (Array.isArray(value) ? value : [value]).map((one) => valueText(t, field, one, names));
    tokens.push({ field, values: values.join(', ') });
  }
  return tokens;
}
