import { audit } from './en/audit.ts';
import { collab } from './en/collab.ts';
import { controls } from './en/controls.ts';
import { overrides } from './en/overrides.ts';
import { payoutsArea } from './en/payouts-area.ts';
import { reconciliation } from './en/reconciliation.ts';
import { settlement } from './en/settlement.ts';
import { webhooks } from './en/webhooks.ts';
import { enBase } from './en-base.ts';

/**
 * Every text in English. The compiler takes keys and placeholders from here, and tr.ts must bring the same; at run time
 * the areas are fetched one by one (../i18n.ts).
 */
export const en = {
  ...enBase,
  ...payoutsArea,
  collab,
  reconciliation,
  settlement,
  overrides,
  audit,
  controls,
  webhooks,
} as const;
