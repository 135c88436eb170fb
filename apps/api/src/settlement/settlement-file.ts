import { type Refusal, refusal } from '../core/refusal.ts';
import type { LocalDate } from '../core/time.ts';
import type { SettlementBatch } from './settlement-batch.ts';
import { FAULTS, type Fault } from './settlement-fault.ts';
import type { SettlementFormat } from './settlement-format.ts';
import type { SettlementSource } from './settlement-line.ts';

/** A file that was read from its first byte to its last, before anything of it may be imported. */
export interface CheckedFile {
  /** As its sender named it, without a path. */
  filename: string;
  /** Lower-case hex; the file's identity. */
  sha256: string;
  bytes: number;
  /** Null when it is none of ours; there is then one fault that says so. */
  format: SettlementFormat | null;
  source: SettlementSource | null;
  lineCount: number;
  statementCount: number;
  /** First and last day that its lines or statements name. */
  periodFrom: LocalDate | null;
  periodTo: LocalDate | null;
  /** The first of them, up to `FILE_LIMITS.listedFaults`. */
  faults: readonly Fault[];
  faultCount: number;
  /** Reads the file once more. */
  batches(): AsyncIterable<SettlementBatch>;
}

/** A file is imported whole or not at all: one fault refuses it. */
export function decideImport(file: Pick<CheckedFile, 'faults' | 'faultCount'>): Refusal | null {
  const [first] = file.faults;
  if (!first) return null;
  const stopped = file.faults.some((fault) => FAULTS[fault.code].class === 'file');
  return refusal(stopped ? 'file_unreadable' : 'file_faulty', {
    faults: String(file.faultCount),
    line: first.line === null ? '' : String(first.line),
    first: first.text,
  });
}

/** The earlier and the later of two days, where there are any. */
export function widen(
  [from, to]: readonly [LocalDate | null, LocalDate | null],
  ...days: (LocalDate | null)[]
): [LocalDate | null, LocalDate | null] {
  let [first, last] = [from, to];
  for (const day of days) {
    if (day === null) continue;
    if (first === null || day < first) first = day;
    if (last === null || day > last) last = day;
  }
  return [first, last];
}
