import { useEffect, useRef } from 'react';

/*
 * What the screen that is open offers to the palette: acts on what is selected there. The palette knows no screen, and a
 * screen no palette; they meet here.
 */

export interface PaletteAct {
  id: string;
  label: string;
  /** The key that does the same, in the registry's writing. */
  keys?: string;
  /** Why it cannot be done now. It is listed with its reason, and does nothing. */
  whyNot: { short: string; sentence: string } | null;
  run: () => void;
}

export interface PaletteActs {
  /** What they act on: "3 selected payouts". */
  heading: string;
  acts: readonly PaletteAct[];
}

const readers = new Set<{ current: (() => PaletteActs) | null }>();

/** Offers acts for as long as the component is there. They are made when they are wanted: `make` is called at the press. */
export function useOfferedActs(make: (() => PaletteActs) | null): void {
  const latest = useRef(make);
  useEffect(() => {
    latest.current = make;
  });
  const on = make !== null;
  useEffect(() => {
    if (!on) return;
    readers.add(latest);
    return () => {
      readers.delete(latest);
    };
  }, [on]);
}

/** What the open screen offers right now; null where it offers nothing. Asked once, when the palette opens. */
export function offeredActs(): PaletteActs | null {
  const [latest] = [...readers].slice(-1);
  return latest?.current?.() ?? null;
}
