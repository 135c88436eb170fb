import type { PayoutStatus, Rail } from './payout.ts';

/** How long a payout may stay in a status: minutes of clock time, or business days of the rail's banks. */
export type Limit = { minutes: number } | { businessDays: number };

export interface StuckRule {
  /** Past it the payout is late. */
  expected: Limit;
  /** Past it the payout is stuck. */
  stuck: Limit;
}

/** What a version of the policy says. JSON-plain: it is stored as it is. */
export interface StuckRules {
  /** A status without a rule may rest. */
  limits: Record<Rail, Partial<Record<PayoutStatus, StuckRule>>>;
  /** Days (`YYYY-MM-DD`) on which banks are closed besides weekends, by the calendar's name. */
  calendars: Record<string, readonly string[]>;
  /** The calendar whose business days a rail counts; a rail without one counts Monday to Friday. */
  railCalendar: Partial<Record<Rail, string>>;
}

export interface StuckPolicy {
  version: number;
  rules: StuckRules;
}

const minutes = (n: number): Limit => ({ minutes: n });
const hours = (n: number): Limit => ({ minutes: n * 60 });
const businessDays = (n: number): Limit => ({ businessDays: n });

/** Where the money is not on its way, every rail waits alike. */
const ANY_RAIL: Partial<Record<PayoutStatus, StuckRule>> = {
  queued: { expected: minutes(2), stuck: minutes(15) },
  sending: { expected: minutes(2), stuck: minutes(15) },
  unconfirmed: { expected: minutes(5), stuck: minutes(15) },
  failed: { expected: hours(4), stuck: hours(8) },
  returned: { expected: hours(4), stuck: hours(24) },
  held: { expected: hours(24), stuck: hours(48) },
};

const inTransit = (expected: Limit, stuck: Limit) => ({ ...ANY_RAIL, in_transit: { expected, stuck } });

/**
 * What a new installation begins with. The closing days are those that the ECB publishes for T2 and the Federal Reserve
 * Banks for their services (a holiday on a Saturday closes no other day there).
 */
export const FIRST_STUCK_POLICY: StuckPolicy = {
  version: 1,
  rules: {
    limits: {
      instant: inTransit(minutes(10), minutes(30)),
      card_push: inTransit(minutes(30), hours(2)),
      local: inTransit(hours(4), hours(24)),
      sepa: inTransit(businessDays(1), businessDays(2)),
      wire: inTransit(businessDays(1), businessDays(2)),
      ach: inTransit(businessDays(2), businessDays(4)),
    },
    calendars: {
      t2: [
        ...['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25', '2026-12-26'],
        ...['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-01', '2027-12-25', '2027-12-26'],
        ...['2028-01-01', '2028-04-14', '2028-04-17', '2028-05-01', '2028-12-25', '2028-12-26'],
      ],
      fed: [
        ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-09-07'],
        ...['2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25'],
        ...['2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31', '2027-07-05', '2027-09-06'],
        ...['2027-10-11', '2027-11-11', '2027-11-25'],
        ...['2028-01-17', '2028-02-21', '2028-05-29', '2028-06-19', '2028-07-04', '2028-09-04'],
        ...['2028-10-09', '2028-11-23', '2028-12-25'],
      ],
    },
    railCalendar: { sepa: 't2', ach: 'fed', wire: 'fed' },
  },
};
