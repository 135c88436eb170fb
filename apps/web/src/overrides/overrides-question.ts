import type { OverrideTab } from '@countersign/api/src/overrides/overrides.queries.ts';

const TABS: Record<OverrideTab, true> = { for_me: true, waiting: true, approved: true, done: true };

/** The inbox's tabs in the order in which work moves through them. */
export const OVERRIDE_TABS = Object.keys(TABS) as OverrideTab[];

/** The tab that an address names; without one, what waits for the person when they decide any, else what waits at all. */
export function readTab(text: string | undefined, decides: boolean): OverrideTab {
  if (text !== undefined && Object.hasOwn(TABS, text)) return text as OverrideTab;
  return decides ? 'for_me' : 'waiting';
}
