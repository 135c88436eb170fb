import { FILE_LIMITS } from './settlement-fault.ts';

/** One record of a CSV file. */
export interface CsvRow {
  /** Number of the text line on which the record begins, from 1. */
  line: number;
  cells: string[];
  /** The record as it stands in the file, without its line end. */
  raw: string;
}

export interface CsvHandler {
  row(row: CsvRow): void;
  bad(line: number, code: 'line_too_long' | 'csv_malformed' | 'character_forbidden'): void;
}

type Quoted = { cells: string[]; end: number; next: number } | 'incomplete' | 'malformed';

/**
 * Splits text into CSV records (RFC 4180: comma, `"` doubled inside quotes, line ends CRLF or LF, blank lines skipped).
 * A malformed record is named and reading goes on at the text line after its first, so every bad line of a file is
 * found. That stays linear: a line with an odd number of quotation marks ends a record that an earlier one opened, and
 * a line with an even number ends on itself, so no text is read more than twice.
 */
export class CsvRows {
  readonly #handler: CsvHandler;
  #held = '';
  #line = 1;
  /** Set inside a line that is already named as too long, until its end. */
  #skipping = false;

  constructor(handler: CsvHandler) {
    this.#handler = handler;
  }

  /** Number of the text line that is being read. */
  get line(): number {
    return this.#line;
  }

  /** Reads the next piece of the file. */
  push(text: string): void {
    this.#held = this.#read(this.#held + text, false);
  }

  /** Reads what is left when the file has ended. */
  end(): void {
    this.#held = this.#read(this.#held, true);
  }

  /** Reads every record that is complete; returns the text of the one that is not. */
  #read(text: string, last: boolean): string {
    let at = 0;
    let quote = -1;
    while (at < text.length) {
      if (quote < at) {
        quote = text.indexOf('"', at);
        if (quote < 0) quote = Number.POSITIVE_INFINITY;
      }
      const newline = text.indexOf('\n', at);
      const lineEnd = newline < 0 ? text.length : newline;
      if (this.#skipping) {
        if (newline < 0) return '';
        this.#skipping = false;
        this.#line += 1;
        at = newline + 1;
      } else if (quote > lineEnd) {
        if (newline < 0 && !last) return this.#hold(text, at);
        this.#plainRow(text.slice(at, text[lineEnd - 1] === '\r' && lineEnd > at ? lineEnd - 1 : lineEnd));
        this.#line += 1;
        at = lineEnd + 1;
      } else {
        const found = quotedRow(text, at, last);
        if (found === 'incomplete' && !last && text.length - at <= FILE_LIMITS.lineChars) return text.slice(at);
        if (typeof found === 'object') {
          const raw = text.slice(at, found.end);
          this.#emit(found.cells, raw);
          this.#line += countOf('\n', raw) + 1;
          at = found.next;
        } else {
          if (newline < 0 && !last) return this.#hold(text, at);
          this.#handler.bad(this.#line, lineEnd - at > FILE_LIMITS.lineChars ? 'line_too_long' : 'csv_malformed');
          this.#line += 1;
          at = lineEnd + 1;
        }
      }
    }
    return '';
  }

  /** Keeps a line that has not ended yet; a line that is too long is named at once and dropped until its end. */
  #hold(text: string, at: number): string {
    if (text.length - at <= FILE_LIMITS.lineChars) return text.slice(at);
    this.#handler.bad(this.#line, 'line_too_long');
    this.#skipping = true;
    return '';
  }

  #plainRow(raw: string): void {
    if (raw !== '') this.#emit(raw.split(','), raw);
  }

  #emit(cells: string[], raw: string): void {
    // PostgreSQL's text has no NUL, so a line with one could not be kept as it stands.
    if (raw.length > FILE_LIMITS.lineChars) this.#handler.bad(this.#line, 'line_too_long');
    else if (raw.includes('\0')) this.#handler.bad(this.#line, 'character_forbidden');
    else this.#handler.row({ line: this.#line, cells, raw });
  }
}

/** Reads one record that has quotation marks; `end` is where it ends, `next` where the following one begins. */
function quotedRow(text: string, start: number, last: boolean): Quoted {
  const cells: string[] = [];
  for (let at = start; ; ) {
    let after: number;
    if (text[at] === '"') {
      const cell = quotedCell(text, at, last);
      if (typeof cell === 'string') return cell;
      cells.push(cell.value);
      after = cell.after;
    } else {
      after = plainCellEnd(text, at);
      if (after === text.length && !last) return 'incomplete';
      const value = text.slice(at, text[after] === ',' ? after : withoutReturn(text, at, after));
      if (value.includes('"')) return 'malformed';
      cells.push(value);
    }
    if (text[after] === ',') {
      at = after + 1;
      if (at === text.length && !last) return 'incomplete';
      continue;
    }
    const end = withoutReturn(text, at, after);
    return { cells, end, next: after + 1 };
  }
}

/** Reads a quoted cell; `after` is the comma, the newline or the end of the text that follows it. */
function quotedCell(
  text: string,
  start: number,
  last: boolean,
): { value: string; after: number } | 'incomplete' | 'malformed' {
  let value = '';
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return 'incomplete';
    value += text.slice(from, quote);
    if (text[quote + 1] === '"') {
      value += '"';
      from = quote + 2;
      continue;
    }
    const after = text[quote + 1] === '\r' ? quote + 2 : quote + 1;
    if (after >= text.length) return last ? { value, after: text.length } : 'incomplete';
    return text[after] === '\n' || (text[after] === ',' && after === quote + 1) ? { value, after } : 'malformed';
  }
}

function plainCellEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code === 0x0a) return i;
  }
  return text.length;
}

/** `end` moved before the carriage return of a CRLF. */
function withoutReturn(text: string, from: number, end: number): number {
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

function countOf(char: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count += 1;
  return count;
}
