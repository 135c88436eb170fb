import { z } from 'zod';
import { PAYOUT_STATUSES, RAILS } from './payout.ts';
import type { StuckRules } from './stuck-policy.ts';

const limit = z.union([z.strictObject({ minutes: z.number() }), z.strictObject({ businessDays: z.number() })]);
const rule = z.strictObject({ expected: limit, stuck: limit });

/** The shape of proposed rules, as wires carry them. What they mean is judged by `stuckFaults`, which says everything at once. */
export const stuckRulesInput: z.ZodType<StuckRules> = z.strictObject({
  limits: z.record(z.enum(RAILS), z.partialRecord(z.enum(PAYOUT_STATUSES), rule)),
  calendars: z.record(z.string().max(100), z.array(z.string().max(40)).max(1_000)),
  railCalendar: z.partialRecord(z.enum(RAILS), z.string().max(100)),
}) as z.ZodType<StuckRules>;
