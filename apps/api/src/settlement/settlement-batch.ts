import { type Fault, type FaultCode, FILE_LIMITS, fault } from './settlement-fault.ts';
import type { SettlementLine, SettlementStatement } from './settlement-line.ts';

/**
 * What a reader understood of one piece of the file. Readers yield batches, not lines, because an `await` per line
 * would cost more than reading it; a batch is as large as one chunk of the file, so memory stays flat.
 */
export interface SettlementBatch {
  lines: SettlementLine[];
  /** Statements that ended in this piece; their lines came before or with them. */
  statements: SettlementStatement[];
  /** Faults found in this piece. After the first `FILE_LIMITS.listedFaults` of the file they are only counted. */
  faults: Fault[];
  /** Every fault of the file so far, listed or not. A file is good when its last batch says 0. */
  faultCount: number;
}

/** Reads one format. It never throws for what a file can contain: that is a fault. It throws what the source throws. */
export type SettlementReader = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<SettlementBatch, void>;

/** Gathers what a reader finds until it is handed on. */
export class SettlementCollector {
  #lines: SettlementLine[] = [];
  #statements: SettlementStatement[] = [];
  #faults: Fault[] = [];
  #faultCount = 0;

  line(line: SettlementLine): void {
    this.#lines.push(line);
  }

  statement(statement: SettlementStatement): void {
    this.#statements.push(statement);
  }

  fault(code: FaultCode, line: number | null, params: Record<string, string | number> = {}): void {
    this.add(fault(code, line, params));
  }

  add(found: Fault): void {
    this.#faultCount += 1;
    if (this.#faultCount <= FILE_LIMITS.listedFaults) this.#faults.push(found);
  }

  get faultCount(): number {
    return this.#faultCount;
  }

  get isEmpty(): boolean {
    return this.#lines.length + this.#statements.length + this.#faults.length === 0;
  }

  /** Hands on what was gathered and begins anew; the fault count goes on. */
  take(): SettlementBatch {
    const batch = {
      lines: this.#lines,
      statements: this.#statements,
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
    this.#lines = [];
    this.#statements = [];
    this.#faults = [];
    return batch;
  }
}
