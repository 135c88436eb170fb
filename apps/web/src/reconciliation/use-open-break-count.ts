/** How many breaks are open, for the navigation; undefined while that is unknown. */
export function useOpenBreakCount(): number | undefined {
  return undefined;
}
