import { bulk } from './bulk.ts';
import { payoutCodes } from './payout-codes.ts';
import { payouts } from './payouts.ts';
import { views } from './views.ts';

/** What the payouts desk says, with the words for providers' failure codes. */
export const payoutsArea = { payouts, payoutCodes, bulk, views } as const;
