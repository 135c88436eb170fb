import { payoutCodes } from './payout-codes.ts';
import { payouts } from './payouts.ts';

/** What the payouts desk says, with the words for providers' failure codes. */
export const payoutsArea = { payouts, payoutCodes } as const;
