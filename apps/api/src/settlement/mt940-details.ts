/** What field 86 tells of a movement, where its form is known. */
export interface Mt940Details {
  description: string | null;
  counterparty: string | null;
  endToEndId: string | null;
  ourRef: string | null;
}

/** Sub-fields of the German form: `?20…?32…`, in which a bank may use another sign than the question mark. */
const CODED = /^\d{3}([?>~^])(?=\d\d)/;
/** Slash codes of the SWIFT and Dutch forms: `/EREF/…/BENM//NAME/…/REMI/…`. */
const SLASHED = /\/(EREF|CREF|IREF|PREF|MARF|CSID|ID|TRTP|IBAN|BIC|NAME|REMI|ORDP|BENM|ISDT|RTRN|USTD|PURP)\//g;
/** SEPA references inside the text of a coded form: `EREF+…`, each until the next one. */
const PLUS = /(EREF|KREF|MREF|CRED|SVWZ|ABWA)\+/g;

/** Reads field 86, its lines joined. Text of an unknown form is the description as it stands. */
export function mt940Details(text: string): Mt940Details {
  const coded = CODED.exec(text);
  if (coded) return codedDetails(text, coded[1] ?? '?');
  const slashed = valuesOf(text, SLASHED);
  if (slashed.size > 0) {
    return {
      description: said(slashed.get('REMI') ?? slashed.get('USTD')) ?? said(text),
      counterparty: said(slashed.get('NAME')),
      endToEndId: reference(slashed.get('EREF')),
      ourRef: reference(slashed.get('CREF') ?? slashed.get('PREF')),
    };
  }
  return { description: said(text), counterparty: null, endToEndId: null, ourRef: null };
}

function codedDetails(text: string, mark: string): Mt940Details {
  const fields = new Map<number, string>();
  for (const part of text.split(mark).slice(1)) {
    const code = Number(part.slice(0, 2));
    if (Number.isInteger(code)) fields.set(code, (fields.get(code) ?? '') + part.slice(2));
  }
  const join = (from: number, to: number) =>
    [...fields]
      .filter(([code]) => code >= from && code <= to)
      .map(([, value]) => value)
      .join('');
  const purpose = join(20, 29) + join(60, 63);
  const sepa = valuesOf(purpose, PLUS);
  return {
    description: said(sepa.get('SVWZ')) ?? said(purpose) ?? said(fields.get(0)),
    counterparty: said(join(32, 33)),
    endToEndId: reference(sepa.get('EREF')),
    ourRef: reference(sepa.get('KREF')),
  };
}

/** The value after each code, until the next code. The first of a repeated code is kept. */
function valuesOf(text: string, codes: RegExp): Map<string, string> {
  const found = [...text.matchAll(codes)];
  const values = new Map<string, string>();
  for (const [at, match] of found.entries()) {
    const value = text.slice(match.index + match[0].length, found[at + 1]?.index ?? text.length);
    const code = match[1] ?? '';
    if (!values.has(code) && value.trim() !== '') values.set(code, value);
  }
  return values;
}

function said(text: string | undefined): string | null {
  const plain = text?.replace(/\s+/g, ' ').trim();
  return plain ? plain : null;
}

/** A reference; what banks write in its place when there is none is none. */
function reference(text: string | undefined): string | null {
  const plain = said(text);
  return plain === null || /^(NONREF|NOTPROVIDED|NOT PROVIDED)$/i.test(plain) ? null : plain;
}
