/** Limits of a settlement file. Each protects the importer's memory from a file that nobody reviews before it arrives. */
export const FILE_LIMITS = {
  bytes: 1024 ** 3,
  /** Characters of one CSV record. */
  lineChars: 1024 ** 2,
  xmlDepth: 64,
  /** Characters of text between two tags, and of one attribute. */
  xmlTextChars: 64 * 1024,
  /** Elements of one XML entry, not counting those of its itemised payments. */
  xmlElements: 20_000,
  /** Characters of one XML entry with all its payments. */
  xmlEntryChars: 32 * 1024 ** 2,
  /** Statements of one XML message. */
  statements: 100_000,
  /** Faults that are listed; more are only counted. */
  listedFaults: 1_000,
} as const;

/**
 * Everything that can be wrong with a settlement file, and its sentence in English; `{name}` is filled from the fault's
 * params. `file`: reading stops there. `line`: the line is bad and reading goes on, so that every bad line is named.
 * `control`: each line can be read, but they do not add up to the totals that the file states.
 */
export const FAULTS = {
  // The file
  file_empty: { class: 'file', text: 'The file is empty.' },
  file_too_large: { class: 'file', text: 'The file is larger than {limit} bytes.' },
  format_unknown: {
    class: 'file',
    text: 'The file is none of the formats that can be imported: Stripe itemised payout reconciliation CSV, Adyen settlement details CSV, ISO 20022 camt.052/053/054, MT940/942, BAI2, NACHA returns.',
  },
  encoding_unsupported: {
    class: 'file',
    text: 'The encoding "{encoding}" is not supported. Save the file as UTF-8.',
  },
  encoding_invalid: { class: 'file', text: 'The bytes are not valid {encoding}.' },
  column_missing: { class: 'file', text: 'The column "{column}" is missing from the header.' },
  column_repeated: { class: 'file', text: 'The column "{column}" is in the header twice.' },
  xml_malformed: { class: 'file', text: 'The XML is not well-formed: {reason}' },
  xml_doctype: { class: 'file', text: 'The file has a DOCTYPE, which is refused.' },
  xml_too_deep: { class: 'file', text: 'The XML is nested deeper than {limit} levels.' },
  xml_text_too_long: { class: 'file', text: 'One piece of text is longer than {limit} characters.' },
  xml_message_unsupported: {
    class: 'file',
    text: '"{message}" is not a message that can be imported: camt.052, camt.053 or camt.054, versions 2 to 8.',
  },
  entry_too_large: { class: 'file', text: 'One entry is too large to be imported: {limit}.' },
  statements_too_many: { class: 'file', text: 'The message has more than {limit} statements.' },
  statement_missing: { class: 'file', text: 'The message has no statement: {element} is missing.' },
  // A line
  line_too_long: { class: 'line', text: 'The line is longer than {limit} characters.' },
  csv_malformed: { class: 'line', text: 'The quotation marks of the line do not pair up.' },
  cell_count: { class: 'line', text: 'The line has {found} cells; the header has {expected}.' },
  character_forbidden: { class: 'line', text: 'The line has a NUL character.' },
  value_missing: { class: 'line', text: '{field} is missing.' },
  amount_malformed: { class: 'line', text: '{field} "{value}" is not a decimal amount.' },
  amount_decimals: { class: 'line', text: '{field} "{value}" has more decimals than {currency} has.' },
  amount_too_large: { class: 'line', text: '{field} "{value}" is beyond 64 bits.' },
  currency_unknown: { class: 'line', text: '{field} "{value}" is not a currency that is known here.' },
  currency_mismatch: { class: 'line', text: 'The entry is in {found}; its statement is in {expected}.' },
  date_invalid: { class: 'line', text: '{field} "{value}" is not a date.' },
  field_malformed: { class: 'line', text: '{field} "{value}" does not have the form that the format gives it.' },
  indicator_invalid: { class: 'line', text: '{field} "{value}" is neither CRDT nor DBIT.' },
  count_malformed: { class: 'line', text: '{field} "{value}" is not a count.' },
  group_status_unsupported: {
    class: 'line',
    text: 'The group has status {value}: deletions and tests are not imported.',
  },
  // Control totals; amounts are decimal strings in major units
  net_mismatch: { class: 'control', text: 'gross {gross} − fee {fee} is not net {net} {currency}.' },
  balance_mismatch: {
    class: 'control',
    text: 'Opening {opening} + credits {credits} − debits {debits} is {found}; the statement closes with {expected} {currency}.',
  },
  control_total_mismatch: {
    class: 'control',
    text: 'The {field} record says {expected}; its amounts add up to {found}.',
  },
  balance_repeated: { class: 'control', text: 'The statement has more than one {type} balance in {currency}.' },
  entry_count_mismatch: { class: 'control', text: '{field} says {expected} entries; the statement has {found}.' },
  entry_sum_mismatch: { class: 'control', text: '{field} says {expected} {currency}; the entries sum to {found}.' },
  batch_count_mismatch: {
    class: 'control',
    text: 'The batch says {expected} payments; {found} are listed.',
  },
  batch_sum_mismatch: {
    class: 'control',
    text: 'The batch says {expected} {currency}; its payments sum to {found}.',
  },
  details_sum_mismatch: {
    class: 'control',
    text: 'The entry is over {expected} {currency}; its payments sum to {found}.',
  },
} as const satisfies Record<string, { class: 'file' | 'line' | 'control'; text: string }>;

export type FaultCode = keyof typeof FAULTS;

export interface Fault {
  /** Number of the text line, as an editor counts it; null when the fault is the whole file's. */
  line: number | null;
  code: FaultCode;
  /** What fills the code's sentence, in any language. */
  params: Record<string, string>;
  /** The sentence in English. */
  text: string;
}

/** Longest piece of a file that a fault quotes. */
const QUOTED_CHARS = 80;

/** Makes a fault; what it quotes from the file is shortened. */
export function fault(code: FaultCode, line: number | null, params: Record<string, string | number> = {}): Fault {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    const text = String(value);
    shown[name] = text.length > QUOTED_CHARS ? `${text.slice(0, QUOTED_CHARS)}…` : text;
  }
  const sentence = FAULTS[code].text.replace(/\{(\w+)\}/g, (_, name: string) => shown[name] ?? '');
  return { line, code, params: shown, text: sentence };
}

/** Ends the reading of a file: what follows cannot be understood, or would cost too much to understand. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly fault: Fault;
  constructor(code: FaultCode, line: number | null, params: Record<string, string | number> = {}) {
    const made = fault(code, line, params);
    super(made.text);
    this.fault = made;
  }
}
