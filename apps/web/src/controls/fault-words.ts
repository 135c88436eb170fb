import type { StuckFault } from '@countersign/api/src/payouts/stuck-policy-faults.ts';
import type { Text } from '../lib/i18n.ts';

/** What is wrong with proposed rules, in a sentence. */
export function faultText(t: Text, fault: StuckFault): string {
  switch (fault.code) {
    case 'too_many_calendars':
      return t('controls.policy.faults.too_many_calendars');
    case 'calendar_unknown':
    case 'calendar_name':
    case 'too_many_days':
      return t(`controls.policy.faults.${fault.code}`, { calendar: fault.calendar });
    case 'day_unreal':
    case 'day_twice':
    case 'days_unsorted':
      return t(`controls.policy.faults.${fault.code}`, { calendar: fault.calendar, day: fault.day });
    default: {
      const sentence = t(`controls.policy.faults.${fault.code}`, {
        status: t(`payouts.status.${fault.status}`),
        rail: t(`payouts.rails.${fault.rail}`),
      });
      return sentence;
    }
  }
}
