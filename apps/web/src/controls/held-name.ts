import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import type { Text } from '../lib/i18n.ts';
import { providerName } from '../payouts/payout-look.ts';
import type { HeldThing } from './controls-wire.ts';

/** What is on hold, by the name people call it. */
export function heldName(t: Text, { scope, value, name }: HeldThing): string {
  switch (scope) {
    case 'merchant':
      return name ?? value;
    case 'rail':
      return t(`payouts.rails.${value as Rail}`);
    case 'provider':
      return providerName(value);
  }
}
