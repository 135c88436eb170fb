/** Return and change codes that a person meets most (Nacha Operating Rules, appendix four); others are shown as they are. */
const MEANING: Record<string, string> = {
  R01: 'insufficient funds',
  R02: 'account closed',
  R03: 'no account, or unable to locate it',
  R04: 'invalid account number',
  R05: 'unauthorised debit to a consumer account',
  R06: 'returned as the originator’s bank asked',
  R07: 'authorisation revoked by the customer',
  R08: 'payment stopped',
  R09: 'uncollected funds',
  R10: 'customer says it was not authorised',
  R11: 'entry not in accordance with the authorisation',
  R12: 'account sold to another bank',
  R13: 'invalid routing number',
  R14: 'payee deceased or unable to act',
  R15: 'beneficiary or account holder deceased',
  R16: 'account frozen',
  R17: 'file record edit criteria',
  R20: 'not a transaction account',
  R21: 'invalid company identification',
  R22: 'invalid individual identification',
  R23: 'credit refused by the receiver',
  R24: 'duplicate entry',
  R29: 'corporate customer says it was not authorised',
  R31: 'permissible return of a corporate entry',
  R33: 'return of an XCK entry',
  C01: 'account number to be corrected',
  C02: 'routing number to be corrected',
  C03: 'routing and account number to be corrected',
  C05: 'transaction code to be corrected',
};

/** `R01 insufficient funds`. */
export function returnReason(code: string): string {
  const meaning = Object.hasOwn(MEANING, code) ? MEANING[code] : undefined;
  return meaning ? `${code} ${meaning}` : code;
}
