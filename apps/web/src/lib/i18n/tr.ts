import type { Dictionary } from '../i18n.ts';
import { audit } from './tr/audit.ts';
import { collab } from './tr/collab.ts';
import { controls } from './tr/controls.ts';
import { overrides } from './tr/overrides.ts';
import { payoutsArea } from './tr/payouts-area.ts';
import { reconciliation } from './tr/reconciliation.ts';
import { settlement } from './tr/settlement.ts';
import { webhooks } from './tr/webhooks.ts';
import { trBase } from './tr-base.ts';

/** Every text in Turkish. */
export const tr: Dictionary = {
  ...trBase,
  ...payoutsArea,
  collab,
  reconciliation,
  settlement,
  overrides,
  audit,
  controls,
  webhooks,
};
