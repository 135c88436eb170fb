/** How many overrides wait for a decision, for the navigation; undefined while that is unknown. */
export function useWaitingOverrideCount(): number | undefined {
  return undefined;
}
