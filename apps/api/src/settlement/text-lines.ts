import { FILE_LIMITS } from './settlement-fault.ts';

export interface TextLineHandler {
  /** A line without its end; `line` is its number as an editor counts it. */
  line(text: string, line: number): void;
  bad(line: number, code: 'line_too_long' | 'character_forbidden'): void;
}

/** Splits text into lines (LF, CRLF or CR before LF). A line that is too long is named once and dropped until its end. */
export class TextLines {
  readonly #handler: TextLineHandler;
  #held = '';
  #line = 1;
  #skipping = false;

  constructor(handler: TextLineHandler) {
    this.#handler = handler;
  }

  /** Number of the line that is being read. */
  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    const all = this.#held + text;
    let at = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', at)) {
      this.#emit(all.slice(at, end));
      at = end + 1;
    }
    this.#held = all.slice(at);
    if (this.#held.length > FILE_LIMITS.lineChars) {
      if (!this.#skipping) this.#handler.bad(this.#line, 'line_too_long');
      this.#skipping = true;
      this.#held = '';
    }
  }

  end(): void {
    if (this.#held !== '') this.#emit(this.#held);
    this.#held = '';
  }

  #emit(raw: string): void {
    const line = this.#line;
    this.#line += 1;
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    if (raw.length > FILE_LIMITS.lineChars) this.#handler.bad(line, 'line_too_long');
    // PostgreSQL's text has no NUL, so a line with one could not be kept as it stands.
    else if (raw.includes('\0')) this.#handler.bad(line, 'character_forbidden');
    else this.#handler.line(raw.endsWith('\r') ? raw.slice(0, -1) : raw, line);
  }
}
