import type { Currency } from '../core/currency.ts';
import { kindOfId } from '../core/ids.ts';
import { absMinor, decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import type { CamtPart } from './camt-document.ts';
import { type Complain, readCurrency, readDay, readMinor } from './settlement-amount.ts';
import { find, findAll, textAt, type XmlElement } from './xml-element.ts';

/** What a line needs of an entry or of one of its payments. */
interface CamtReferences {
  providerRef: string | null;
  ourRef: string | null;
  endToEndId: string | null;
  counterparty: string | null;
  description: string | null;
}

/** A payment of an entry, brought down to what is needed, so that an entry may have many. */
export interface CamtPayment {
  group: number;
  line: number;
  raw: string;
  /** CRDT or DBIT; null when it is the entry's. */
  indicator: string | null;
  /** Amounts as the file states them, the most fitting first. */
  amounts: { currency: string; text: string }[];
  /** Charges that are taken out of the entry's amount. */
  charges: { currency: string; text: string }[];
  ifCredit: CamtReferences;
  ifDebit: CamtReferences;
}

export interface CamtMovement extends CamtReferences {
  /** Signed, in minor units: a debit is negative. */
  minor: bigint;
  raw: string;
}

export interface CamtEntry {
  line: number;
  currency: Currency;
  /** Signed, in minor units: a debit is negative. */
  minor: bigint;
  /** Whether the bank has booked it; a pending or an informative entry has moved no money. */
  booked: boolean;
  valueOn: LocalDate | null;
  bookedOn: LocalDate | null;
  /** One for the entry; or one per payment, where the bank booked a batch and itemises it to the last cent. */
  movements: CamtMovement[];
}

/** Our own ids, wherever the payer or the bank carried them back to us. */
const OWN_ID = /\b[a-z]{2}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g;

/** Brings one `TxDtls` down to what is needed of it. */
export function camtPayment({ element, raw }: CamtPart, group: number): CamtPayment {
  const amounts = [
    find(element, 'Amt'),
    find(element, 'AmtDtls', 'TxAmt', 'Amt'),
    find(element, 'AmtDtls', 'InstdAmt', 'Amt'),
  ];
  return {
    group,
    line: element.line,
    raw,
    indicator: textAt(element, 'CdtDbtInd'),
    amounts: amounts.flatMap((amount) => (amount ? [statedAmount(amount)] : [])),
    charges: includedCharges(element),
    ifCredit: references(element, true),
    ifDebit: references(element, false),
  };
}

/**
 * Reads one `Ntry`. Its amount alone moved the account; the payments below it explain it. The sign follows
 * `CdtDbtInd` and nothing else: a reversal (`RvslInd`) already carries the indicator of what it does to the balance
 * (ISO 20022 message definition report, camt.053). Null, after complaining, when it cannot be read.
 */
export function camtEntry(entry: CamtPart, payments: readonly CamtPayment[], complain: Complain): CamtEntry | null {
  const { element } = entry;
  const amount = find(element, 'Amt');
  const currencyText = amount?.attributes.Ccy;
  const status = textAt(element, 'Sts', 'Cd') ?? textAt(element, 'Sts');
  if (!amount) complain('value_missing', { field: 'Ntry/Amt' });
  else if (!currencyText) complain('value_missing', { field: 'Ntry/Amt/@Ccy' });
  if (!status) complain('value_missing', { field: 'Ntry/Sts' });
  const currency = currencyText ? readCurrency(currencyText, 'Ntry/Amt/@Ccy', complain) : null;
  const unsigned = amount && currency ? readUnsigned(amount.text, currency, 'Ntry/Amt', complain) : null;
  const credit = readIndicator(textAt(element, 'CdtDbtInd'), 'Ntry/CdtDbtInd', complain);
  const valueOn = dayAt(element, 'ValDt', complain);
  const bookedOn = dayAt(element, 'BookgDt', complain);
  if (!currency || unsigned === null || credit === null || !status) return null;

  const minor = credit ? unsigned : -unsigned;
  checkBatches(element, payments, credit, complain);
  const itemised = itemisedMovements(minor, currency, payments, includedCharges(element), complain);
  const only = payments.length === 1 ? payments[0] : undefined;
  const own = references(element, credit);
  const detail = only && (credit ? only.ifCredit : only.ifDebit);
  const whole: CamtMovement = {
    minor,
    raw: entry.raw,
    providerRef: own.providerRef ?? detail?.providerRef ?? null,
    ourRef: detail?.ourRef ?? own.ourRef,
    endToEndId: detail?.endToEndId ?? null,
    counterparty: detail?.counterparty ?? null,
    description: detail?.description ?? own.description,
  };
  return {
    line: element.line,
    currency,
    minor,
    booked: status === 'BOOK',
    valueOn,
    bookedOn,
    movements: itemised ?? [whole],
  };
}

/** True for CRDT, false for DBIT; null, after complaining, for anything else. */
export function readIndicator(text: string | null, field: string, complain: Complain): boolean | null {
  if (text === 'CRDT') return true;
  if (text === 'DBIT') return false;
  if (text === null) complain('value_missing', { field });
  else complain('indicator_invalid', { field, value: text });
  return null;
}

/** Reads an amount that carries its sign in an indicator beside it, so must not have one of its own. */
export function readUnsigned(text: string, currency: Currency, field: string, complain: Complain): bigint | null {
  const minor = readMinor(text, currency, field, complain);
  if (minor !== null && minor < 0n) {
    complain('amount_malformed', { field, value: text });
    return null;
  }
  return minor;
}

/** The movements of a batch whose payments sum to it; null when the entry is one movement. */
function itemisedMovements(
  minor: bigint,
  currency: Currency,
  payments: readonly CamtPayment[],
  entryCharges: CamtPayment['charges'],
  complain: Complain,
): CamtMovement[] | null {
  if (payments.length < 2) return null;
  const movements: CamtMovement[] = [];
  let sum = 0n;
  for (const payment of payments) {
    const credit = payment.indicator === null ? minor >= 0n : payment.indicator === 'CRDT';
    const unsigned = amountIn(currency, payment.amounts);
    if (unsigned === null) return null;
    const signed = credit ? unsigned : -unsigned;
    sum += signed;
    movements.push({ ...(credit ? payment.ifCredit : payment.ifDebit), minor: signed, raw: payment.raw });
  }
  if (sum === minor) return movements;
  // The bank may have kept its charges from the payments; then the entry stays one line and its amount is what counts.
  const charges = [...entryCharges, ...payments.flatMap((payment) => payment.charges)]
    .map((charge) => amountIn(currency, [charge]) ?? 0n)
    .reduce((total, charge) => total + charge, 0n);
  if (absMinor(sum - minor) !== charges) {
    const shown = (value: bigint) => decimalString({ minor: value, currency });
    complain('details_sum_mismatch', { expected: shown(minor), found: shown(sum), currency });
  }
  return null;
}

/** Compares what each batch states of itself with the payments listed below it, where they are listed. */
function checkBatches(entry: XmlElement, payments: readonly CamtPayment[], credit: boolean, complain: Complain): void {
  const groups = Map.groupBy(payments, (payment) => payment.group);
  for (const [group, details] of findAll(entry, 'NtryDtls').entries()) {
    const listed = groups.get(group) ?? [];
    // One payment below a batch of many stands for all of them: a bank may itemise a batch or not.
    const batch = find(details, 'Btch');
    if (!batch || listed.length < 2) continue;
    const count = textAt(batch, 'NbOfTxs');
    if (count !== null && !/^\d{1,15}$/.test(count))
      complain('count_malformed', { field: 'Btch/NbOfTxs', value: count });
    else if (count !== null && Number(count) !== listed.length) {
      complain('batch_count_mismatch', { expected: count, found: listed.length });
    }
    const total = find(batch, 'TtlAmt');
    const currency = total && readCurrency(total.attributes.Ccy ?? '', 'Btch/TtlAmt/@Ccy', complain);
    if (!total || !currency) continue;
    const expected = readUnsigned(total.text, currency, 'Btch/TtlAmt', complain);
    const sum = signedSum(listed, currency, credit);
    if (expected !== null && sum !== null && absMinor(sum) !== expected) {
      const shown = (minor: bigint) => decimalString({ minor, currency });
      complain('batch_sum_mismatch', { expected: shown(expected), found: shown(absMinor(sum)), currency });
    }
  }
}

/** Sum of the payments in minor units; null when one of them states no amount in that currency. */
function signedSum(payments: readonly CamtPayment[], currency: Currency, credit: boolean): bigint | null {
  let sum = 0n;
  for (const payment of payments) {
    const minor = amountIn(currency, payment.amounts);
    if (minor === null) return null;
    sum += (payment.indicator === null ? credit : payment.indicator === 'CRDT') ? minor : -minor;
  }
  return sum;
}

/** The first stated amount that is in that currency and can be read, in minor units, unsigned. */
function amountIn(currency: Currency, stated: CamtPayment['amounts']): bigint | null {
  for (const { currency: code, text } of stated) {
    const minor = code === currency ? readMinor(text, currency, '', () => undefined) : null;
    if (minor !== null && minor >= 0n) return minor;
  }
  return null;
}

function statedAmount(amount: XmlElement): { currency: string; text: string } {
  return { currency: amount.attributes.Ccy ?? '', text: amount.text.trim() };
}

/** Charges marked as included in the amount (`ChrgInclInd`): `Chrgs` itself to version 3, its `Rcrd` from version 4. */
function includedCharges(element: XmlElement): CamtPayment['charges'] {
  return findAll(element, 'Chrgs')
    .flatMap((charges) => [charges, ...findAll(charges, 'Rcrd')])
    .flatMap((charge) => {
      const amount = find(charge, 'Amt');
      const included = ['true', '1'].includes(textAt(charge, 'ChrgInclInd') ?? '');
      return amount && included ? [statedAmount(amount)] : [];
    });
}

function references(element: XmlElement, credit: boolean): CamtReferences {
  const refs = find(element, 'Refs') ?? element;
  const remittance = find(element, 'RmtInf');
  const structured = remittance ? findAll(remittance, 'Strd') : [];
  const unstructured = remittance ? findAll(remittance, 'Ustrd').map((part) => part.text.trim()) : [];
  const creditorRef = structured.map((part) => textAt(part, 'CdtrRefInf', 'Ref')).find((ref) => ref !== null) ?? null;
  const additional = structured.flatMap((part) => findAll(part, 'AddtlRmtInf').map((text) => text.text.trim()));
  const endToEndId = provided(textAt(refs, 'EndToEndId'));
  const instruction = provided(textAt(refs, 'InstrId'));
  const description = [...unstructured, ...additional].filter((part) => part !== '').join(' ') || null;
  const information = textAt(element, 'AddtlTxInf') ?? textAt(element, 'AddtlNtryInf');
  const carried = [endToEndId, instruction, creditorRef, description].flatMap((text) => text?.match(OWN_ID) ?? []);
  return {
    providerRef: provided(textAt(refs, 'AcctSvcrRef')),
    // The instruction is ours when we sent the money, the creditor's reference when we received it.
    ourRef: carried.find((id) => kindOfId(id) !== null) ?? (credit ? creditorRef : instruction),
    endToEndId,
    counterparty: party(element, credit ? 'Dbtr' : 'Cdtr'),
    description: description ?? (credit ? null : creditorRef) ?? information,
  };
}

/** Name of a party: directly below its role to version 7, below `Pty` in version 8. */
function party(element: XmlElement, role: 'Dbtr' | 'Cdtr'): string | null {
  return textAt(element, 'RltdPties', role, 'Nm') ?? textAt(element, 'RltdPties', role, 'Pty', 'Nm');
}

/** A reference; null where the bank says in its place that there is none. */
function provided(reference: string | null): string | null {
  return reference === null || /^NOT ?PROVIDED$/i.test(reference) ? null : reference;
}

function dayAt(element: XmlElement, name: string, complain: Complain): LocalDate | null {
  const text = textAt(element, name, 'Dt') ?? textAt(element, name, 'DtTm');
  return text === null ? null : readDay(text, `Ntry/${name}`, complain);
}
