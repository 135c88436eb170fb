import type { Refusal } from '@countersign/api/src/core/refusal.ts';
import type { ImportAnswer } from '@countersign/api/src/settlement/import-settlement-file.ts';
import type { Fault } from '@countersign/api/src/settlement/settlement-fault.ts';
import { readMembers, readReference, readRefusal } from '../uploads/problem.ts';
import type { SendEnd } from '../uploads/send-file.ts';

/** What became of a file that was sent. */
export type UploadOutcome =
  | { kind: 'imported' | 'already_imported'; file: ImportAnswer }
  /** Nothing of it was imported. `faults` are the first of `faultCount`. */
  | { kind: 'refused'; refusal: Refusal; faults: readonly Fault[]; faultCount: number; reference: string | null }
  /** The answer was lost, so whether it was imported is not known. */
  | { kind: 'unknown'; reference: string | null }
  | { kind: 'canceled' };

/** Where a file goes, by its name. */
export function uploadUrl(filename: string): string {
  return `/api/settlement-files?filename=${encodeURIComponent(filename)}`;
}

/** Reads how sending a file ended. What is neither the import's answer nor its refusal leaves the outcome unknown. */
export function readOutcome(end: SendEnd): UploadOutcome {
  if (end.kind === 'canceled') return end;
  if (end.kind === 'lost') return { kind: 'unknown', reference: null };
  const body = readMembers(end.text);
  if (end.status < 300 && (body.outcome === 'imported' || body.outcome === 'already_imported')) {
    return { kind: body.outcome, file: body as unknown as ImportAnswer };
  }
  const refusal = readRefusal(end.status, body);
  const reference = readReference(body);
  if (!refusal) return { kind: 'unknown', reference };
  const faults = Array.isArray(body.faults) ? (body.faults as Fault[]) : [];
  const faultCount = typeof body.faultCount === 'number' ? body.faultCount : faults.length;
  return { kind: 'refused', refusal, faults, faultCount, reference };
}
