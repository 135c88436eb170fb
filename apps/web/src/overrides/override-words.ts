import type { Role } from '@countersign/api/src/core/actor.ts';
import type { OverrideKind } from '@countersign/api/src/overrides/override.ts';
import type { WireMoney } from '../lib/format.ts';
import type { Text, TextKey } from '../lib/i18n.ts';

type Seats = readonly (readonly Role[])[];

/** What an override would do, as it stands on its buttons: `mark TRY 48,250.00 paid`. */
export function effectText(t: Text, kind: OverrideKind, money: string): string {
  return t(`overrides.effects.${kind}`, { money });
}

/** Roles of which one is needed: `approver or finance`. */
export function rolesText(t: Text, roles: readonly Role[]): string {
  return roles.map((role) => t(`shell.roles.${role}`)).join(` ${t('overrides.seat.or')} `);
}

/** Who has to approve: `needs 2 approvals by different people (finance + approver or finance)`. */
export function seatsText(t: Text, seats: Seats): string {
  const who = seats.map((roles) => rolesText(t, roles)).join(' + ');
  return seats.length === 1
    ? t('overrides.seat.needsOne', { who })
    : t('overrides.seat.needsMany', { count: seats.length, who });
}

interface Demand {
  seats: Seats;
  /** The amounts that it holds for, minor units; null when that is not known any more. */
  band: { fromMinor: string | null; belowMinor: string | null } | null;
  currency: string;
}

/** What the policy demands and for which amounts, in a sentence. */
export function policyText(t: Text, { seats, band, currency }: Demand, money: (money: WireMoney) => string): string {
  const needs = seatsText(t, seats);
  const say = (amountMinor: string) => money({ amountMinor, currency });
  if (band === null) return `${needs}.`;
  const { fromMinor, belowMinor } = band;
  if (fromMinor !== null && belowMinor !== null) {
    return t('overrides.policy.between', { from: say(fromMinor), below: say(belowMinor), needs });
  }
  if (fromMinor !== null) return t('overrides.policy.above', { from: say(fromMinor), needs });
  if (belowMinor !== null) return t('overrides.policy.below', { below: say(belowMinor), needs });
  return t('overrides.policy.any', { needs });
}

/** The name of a field of what was signed; one newer than this page as it is. */
export function snapshotFieldText(t: Text, field: string): string {
  const key = `overrides.snapshot.${field}` as Extract<TextKey, `overrides.snapshot.${string}`>;
  const words = t(key);
  return words === key ? field : words;
}

/** An account of the ledger, as people call it. */
export function accountText(t: Text, code: string, providerName: (provider: string) => string): string {
  const [kind = '', owner = ''] = code.split(':', 2);
  if (kind === 'psp_clearing') return t('overrides.accounts.clearing', { provider: providerName(owner) });
  const key = `overrides.accounts.${kind}` as Extract<TextKey, 'overrides.accounts.fees'>;
  const words = t(key);
  return words === key ? code : words;
}

/** A fingerprint in groups of four, as it is compared aloud. */
export function groupHash(hash: string): string[] {
  return hash.match(/.{1,4}/g) ?? [];
}
