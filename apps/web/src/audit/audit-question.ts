import type { Act } from '@countersign/api/src/audit/audit-event.ts';
import { parseLocalDate } from '@countersign/api/src/core/time.ts';
import type { AuditSearch } from '../paths.ts';
import { isAct } from './acts.ts';

/** What the log is asked: the address's words, only where they mean something. */
export interface AuditQuestion {
  act?: Act;
  outcome?: 'done' | 'refused';
  actor?: string;
  subject?: string;
  /** Calendar days in UTC, both included. */
  from?: string;
  to?: string;
}

/** The question that an address asks. What it names and nobody knows is left out: an address is anybody's input. */
export function readQuestion({ act, outcome, actor, subject, since, until }: AuditSearch): AuditQuestion {
  return {
    ...(act && isAct(act) ? { act } : {}),
    ...(outcome === 'done' || outcome === 'refused' ? { outcome } : {}),
    ...(actor?.trim() ? { actor: actor.trim().slice(0, 100) } : {}),
    ...(subject?.trim() ? { subject: subject.trim().slice(0, 100) } : {}),
    ...(since && parseLocalDate(since) ? { from: since } : {}),
    ...(until && parseLocalDate(until) ? { to: until } : {}),
  };
}
