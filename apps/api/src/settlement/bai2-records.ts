import type { TextLineHandler } from './text-lines.ts';

/** Record codes of BAI2 (Cash Management Balance Reporting Specifications, version 2). */
export const BAI2_CODES = ['01', '02', '03', '16', '49', '88', '98', '99'] as const;
export type Bai2Code = (typeof BAI2_CODES)[number];

/** A record with its continuations (88). */
export interface Bai2Record {
  code: Exclude<Bai2Code, '88'>;
  line: number;
  /** Fields after the code. A continued record's fields go on in the next; text is kept with its commas. */
  text: string;
  /** How many records it is counted as: itself and its continuations. */
  count: number;
  raw: string;
}

const START = /^(01|02|03|16|49|88|98|99),/;
/** Some banks put several records on one text line. */
const NEXT_ON_LINE = /\/\s+(?=(?:01|02|03|16|49|88|98|99),)/;

/**
 * Puts text lines together to records: `88` goes on with the record before it, and so does a line that begins with no
 * record code (a text that the bank wrapped).
 */
export class Bai2Records implements TextLineHandler {
  readonly #record: (record: Bai2Record) => void;
  readonly #bad: TextLineHandler['bad'];
  readonly #stray: (line: number, text: string) => void;
  #held: Bai2Record | null = null;

  constructor(handler: {
    record: (record: Bai2Record) => void;
    bad: TextLineHandler['bad'];
    stray: (line: number, text: string) => void;
  }) {
    this.#record = handler.record;
    this.#bad = handler.bad;
    this.#stray = handler.stray;
  }

  bad(line: number, code: 'line_too_long' | 'character_forbidden'): void {
    this.#bad(line, code);
  }

  line(text: string, line: number): void {
    for (const part of text.trim().split(NEXT_ON_LINE)) if (part.trim() !== '') this.#part(part.trim(), line);
  }

  end(): void {
    if (this.#held) this.#record(this.#held);
    this.#held = null;
  }

  #part(part: string, line: number): void {
    const code = START.exec(part)?.[1] as Bai2Code | undefined;
    const text = part.slice(code ? 3 : 0).replace(/\/\s*$/, '');
    if (code && code !== '88') {
      this.end();
      this.#held = { code, line, text, count: 1, raw: part };
      return;
    }
    if (!this.#held) {
      this.#stray(line, part);
      return;
    }
    // The fields of an account's record go on as fields; of a transaction's record it is the text that goes on.
    const joint = code && this.#held.code !== '16' ? ',' : ' ';
    this.#held.text += joint + text;
    this.#held.raw += `\n${part}`;
    if (code) this.#held.count += 1;
  }
}
