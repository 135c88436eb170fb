import type { Database } from './database.ts';

/** The sandbox's own time, in Unix milliseconds. It can be moved forward, and remembers that over a restart. */
export interface SandboxClock {
  now(): number;
  /** Moves the clock forward; money, keys and webhooks behave as if that time had passed. */
  advance(ms: number): void;
  /** Puts the clock back to real time. */
  reset(): void;
}

/** A clock that runs `realNow` plus the offset kept in the books. */
export function createClock(db: Database, realNow: () => number): SandboxClock {
  const stored = db.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'clock_offset_ms'`);
  let offset = stored ? Number(stored.value) : 0;
  const keep = (value: number): void => {
    offset = value;
    db.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('clock_offset_ms', ?)`, String(value));
  };
  return {
    now: () => realNow() + offset,
    advance: (ms) => keep(offset + ms),
    reset: () => keep(0),
  };
}

/** Unix seconds, as the provider's objects carry them. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
