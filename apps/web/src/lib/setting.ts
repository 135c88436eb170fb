import { useSyncExternalStore } from 'react';

/** One remembered choice of the person on this device: read anywhere, subscribed to from components. */
export interface Setting<T extends string> {
  readonly values: readonly T[];
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Makes a setting kept under `countersign.<key>` in local storage. Storage that is refused or holds another value
 * counts as empty; other tabs of the same person follow a change.
 */
export function createSetting<T extends string>(key: string, values: readonly T[], initial: () => T): Setting<T> {
  const storageKey = `countersign.${key}`;
  const listeners = new Set<() => void>();
  let current = stored(storageKey, values) ?? initial();

  const change = (value: T): void => {
    if (value === current) return;
    current = value;
    for (const listener of listeners) listener();
  };

  if (typeof window !== 'undefined') {
    window.addEventListener('storage', (event) => {
      if (event.key === storageKey) change(stored(storageKey, values) ?? initial());
    });
  }

  return {
    values,
    get: () => current,
    set(value) {
      try {
        localStorage.setItem(storageKey, value);
      } catch {
        // A private window refuses storage: the choice then lasts as long as the page does.
      }
      change(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The setting's value, re-rendering when it changes. */
export function useSetting<T extends string>(setting: Setting<T>): T {
  return useSyncExternalStore(setting.subscribe, setting.get);
}

function stored<T extends string>(storageKey: string, values: readonly T[]): T | null {
  try {
    const text = localStorage.getItem(storageKey);
    return values.find((value) => value === text) ?? null;
  } catch {
    return null;
  }
}
