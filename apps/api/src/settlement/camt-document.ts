import { SaxesParser, type SaxesTagNS } from 'saxes';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import type { XmlElement } from './xml-element.ts';

/** The three messages: 052 an account report, 053 a statement, 054 a notification. Their entries are alike. */
const MESSAGES = {
  '052': { root: 'BkToCstmrAcctRpt', statement: 'Rpt', pagination: 'RptPgntn' },
  '053': { root: 'BkToCstmrStmt', statement: 'Stmt', pagination: 'StmtPgntn' },
  '054': { root: 'BkToCstmrDbtCdtNtfctn', statement: 'Ntfctn', pagination: 'NtfctnPgntn' },
} as const;

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.(052|053|054)\.001\.0[2-8]$/;

/** What of a statement is held in memory, one piece at a time; everything else is passed over. */
const STATEMENT_PARTS = new Set(['Id', 'FrToDt', 'Acct', 'Bal', 'TxsSummry', 'Ntry']);

/** An entry or one of its payments: its element, and its text as it stands in the file. */
export interface CamtPart {
  element: XmlElement;
  raw: string;
}

/** Receives a message piece by piece, in the order of the file. */
export interface CamtHandler {
  statementStart(line: number): void;
  /** A part of the statement that is not an entry: `Id`, `FrToDt`, `Acct`, `Bal`, `TxsSummry`. */
  statementPart(element: XmlElement): void;
  /** The message (before its first statement) or the statement is one page of several. */
  paged(): void;
  /** A payment (`TxDtls`) of the entry that follows; `group` counts the entry's `NtryDtls` from 0. */
  payment(payment: CamtPart, group: number): void;
  /** An entry, without its payments: they came before. */
  entry(entry: CamtPart): void;
  statementEnd(): void;
}

/**
 * Drives an XML parser over a camt.052, .053 or .054 message and hands on its parts. Only the part being read is in
 * memory, and an entry's payments leave its tree as they end, so memory does not grow with the file. Throws
 * UnreadableFile: not well-formed, a DOCTYPE, too deep, too long, another message.
 */
export class CamtDocument {
  readonly #handler: CamtHandler;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #source = new SourceText();
  #message: (typeof MESSAGES)[keyof typeof MESSAGES] | null = null;
  #namespace = '';
  #depth = 0;
  #statements = 0;
  /** Elements from the part being read down to the one being read; empty between parts. */
  #open: XmlElement[] = [];
  #elements = 0;
  #elementsBeforePayment = 0;
  #group = -1;
  /** Depth of an element that is passed over with all it holds. */
  #skipped: number | null = null;
  /** The raw text of the entry being read, as far as it is known. */
  #entryText: string[] = [];
  #entryChars = 0;
  #charsSinceEvent = 0;

  constructor(handler: CamtHandler) {
    this.#handler = handler;
    const parser = this.#parser;
    // Six handlers and no more: with a seventh the parser's object leaves V8's fast form and parses at a fifth of the
    // speed. Comments and processing instructions need none: see `write`.
    parser.on('error', (error) => {
      throw new UnreadableFile('xml_malformed', parser.line, { reason: error.message.replace(/^\d+:\d+: /, '') });
    });
    parser.on('doctype', () => {
      throw new UnreadableFile('xml_doctype', parser.line);
    });
    parser.on('opentag', (tag) => this.#opened(tag));
    parser.on('closetag', (tag) => this.#closed(tag));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  /** Number of the text line that is being read. */
  get line(): number {
    return this.#parser.line;
  }

  write(text: string): void {
    this.#source.append(text);
    this.#charsSinceEvent += text.length;
    this.#parser.write(text);
    // The parser gathers a text, an attribute or a comment until it ends. What has not ended after this much never may.
    if (this.#charsSinceEvent > 2 * FILE_LIMITS.xmlTextChars) this.#tooLong();
    if (this.#entryChars + this.#source.held > FILE_LIMITS.xmlEntryChars) {
      throw new UnreadableFile('entry_too_large', this.line, { limit: `${FILE_LIMITS.xmlEntryChars} characters` });
    }
  }

  end(): void {
    this.#parser.close();
  }

  #opened(tag: SaxesTagNS): void {
    this.#charsSinceEvent = 0;
    this.#depth += 1;
    if (this.#depth > FILE_LIMITS.xmlDepth) {
      throw new UnreadableFile('xml_too_deep', this.line, { limit: FILE_LIMITS.xmlDepth });
    }
    if (this.#skipped !== null) return;
    if (this.#depth === 1) this.#root(tag);
    else if (this.#depth === 2 && this.#message?.root !== tag.local) this.#unsupported(tag.local);
    else if (this.#depth > 1 && tag.uri !== this.#namespace) this.#skipped = this.#depth;
    else if (this.#open.length > 0) this.#build(tag);
    else if (this.#depth === 3) this.#statementOrHeader(tag);
    else if (this.#depth === 4) this.#part(tag);
  }

  #root(tag: SaxesTagNS): void {
    const number = NAMESPACE.exec(tag.uri)?.[1] as keyof typeof MESSAGES | undefined;
    if (tag.local !== 'Document' || !number) this.#unsupported(tag.uri || tag.local);
    else this.#message = MESSAGES[number];
    this.#namespace = tag.uri;
  }

  #statementMissing(): never {
    throw new UnreadableFile('statement_missing', this.line, { element: this.#message?.statement ?? '' });
  }

  #unsupported(message: string): never {
    throw new UnreadableFile('xml_message_unsupported', this.line, { message });
  }

  #statementOrHeader(tag: SaxesTagNS): void {
    if (tag.local === this.#message?.statement) {
      this.#statements += 1;
      this.#handler.statementStart(this.line);
    } else if (tag.local !== 'GrpHdr') this.#skipped = this.#depth;
  }

  #part(tag: SaxesTagNS): void {
    const wanted = this.#inStatement() ? STATEMENT_PARTS.has(tag.local) : tag.local === 'MsgPgntn';
    if (!wanted && tag.local !== this.#message?.pagination) {
      this.#skipped = this.#depth;
      return;
    }
    this.#elements = 0;
    this.#build(tag);
    if (tag.local === 'Ntry') {
      this.#group = -1;
      this.#source.keepFrom(this.#parser.position);
    }
  }

  /** The header is read before the first statement, so after the first every part is a statement's. */
  #inStatement(): boolean {
    return this.#statements > 0;
  }

  #build(tag: SaxesTagNS): void {
    this.#elements += 1;
    if (this.#elements > FILE_LIMITS.xmlElements) {
      throw new UnreadableFile('entry_too_large', this.line, { limit: `${FILE_LIMITS.xmlElements} elements` });
    }
    if (this.#isPayment(tag.local)) {
      this.#keepEntryText(this.#source.takeBeforeTag(this.#parser.position));
      this.#elementsBeforePayment = this.#elements - 1;
    } else if (tag.local === 'NtryDtls' && this.#depth === 5) this.#group += 1;
    const attributes: Record<string, string> = {};
    for (const attribute of Object.values(tag.attributes)) {
      this.#bounded(attribute.value.length);
      attributes[attribute.local] = attribute.value;
    }
    const element = { name: tag.local, attributes, text: '', children: [], line: this.line };
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  #isPayment(name: string): boolean {
    return name === 'TxDtls' && this.#depth === 6 && this.#open[0]?.name === 'Ntry';
  }

  #closed(tag: SaxesTagNS): void {
    this.#charsSinceEvent = 0;
    const depth = this.#depth;
    const payment = this.#skipped === null && this.#isPayment(tag.local);
    this.#depth -= 1;
    if (this.#skipped !== null) {
      if (this.#skipped === depth) this.#skipped = null;
      return;
    }
    const element = this.#open.pop();
    if (!element) {
      if (depth === 3 && tag.local === this.#message?.statement) this.#handler.statementEnd();
      else if (depth === 1 && this.#statements === 0) this.#statementMissing();
    } else if (payment) {
      const raw = this.#source.take(this.#parser.position);
      this.#keepEntryText(raw);
      this.#open.at(-1)?.children.pop();
      this.#elements = this.#elementsBeforePayment;
      this.#handler.payment({ element, raw }, this.#group);
    } else if (this.#open.length === 0) this.#partEnd(element);
  }

  #partEnd(element: XmlElement): void {
    if (element.name === 'Ntry') {
      this.#keepEntryText(this.#source.take(this.#parser.position));
      this.#source.release();
      this.#handler.entry({ element, raw: this.#entryText.join('') });
      this.#entryText = [];
      this.#entryChars = 0;
    } else if (element.name.endsWith('Pgntn')) {
      const text = (name: string) => element.children.find((child) => child.name === name)?.text.trim();
      const only = text('PgNb') === '1' && ['true', '1'].includes(text('LastPgInd') ?? '');
      if (!only) this.#handler.paged();
    } else this.#handler.statementPart(element);
  }

  #keepEntryText(text: string): void {
    this.#entryText.push(text);
    this.#entryChars += text.length;
  }

  #text(text: string): void {
    this.#bounded(text.length);
    const element = this.#open.at(-1);
    if (element) {
      this.#bounded(element.text.length + text.length);
      element.text += text;
    }
  }

  #bounded(chars: number): void {
    this.#charsSinceEvent = 0;
    if (chars > FILE_LIMITS.xmlTextChars) this.#tooLong();
  }

  #tooLong(): never {
    throw new UnreadableFile('xml_text_too_long', this.line, { limit: FILE_LIMITS.xmlTextChars });
  }
}

/** The text of the file from a place on, so that an entry can be kept as it stands. Places are counted in characters. */
class SourceText {
  #text = '';
  /** Place of the first character that is held. */
  #start = 0;
  #keeping = false;

  /** Characters that are held. */
  get held(): number {
    return this.#keeping ? this.#text.length : 0;
  }

  append(text: string): void {
    // A tag may begin in one piece and end in the next, so what follows the last `<` is held in any case.
    if (!this.#keeping) this.#drop(this.#start + Math.max(0, this.#text.lastIndexOf('<')));
    this.#text += text;
  }

  /** Begins to keep text, at the start of the tag that ends at `position`. */
  keepFrom(position: number): void {
    this.#drop(this.#tagStart(position));
    this.#keeping = true;
  }

  /** Takes what is kept before the tag that ends at `position`. */
  takeBeforeTag(position: number): string {
    return this.take(this.#tagStart(position));
  }

  /** Takes what is kept before `position`. */
  take(position: number): string {
    const text = this.#text.slice(0, position - this.#start);
    this.#drop(position);
    return text;
  }

  release(): void {
    this.#keeping = false;
  }

  #drop(position: number): void {
    this.#text = this.#text.slice(position - this.#start);
    this.#start = position;
  }

  /** Place of the `<` of the tag that ends at `position`; an attribute cannot hold a bare `<`. */
  #tagStart(position: number): number {
    return this.#start + this.#text.lastIndexOf('<', position - this.#start - 1);
  }
}
