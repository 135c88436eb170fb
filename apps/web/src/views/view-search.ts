import type { PayoutsSearch } from '../paths.ts';

/** What a view keeps of the desk's address: what is asked and how it is shown, never which panel is open. */
export function viewSearch({ panel: _panel, view: _view, ...kept }: PayoutsSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined && value !== ''));
}

/** Whether the address says something else than the view that it began with. */
export function isModified(search: PayoutsSearch, saved: Record<string, string>): boolean {
  const now = viewSearch(search);
  const names = new Set([...Object.keys(now), ...Object.keys(saved)]);
  return [...names].some((name) => now[name] !== saved[name]);
}

/** The address's change that leads to a saved search, whatever the address says now. */
export function searchOfView(slug: string, saved: Record<string, string>): PayoutsSearch {
  return { ...saved, view: slug };
}
