/**
 * Every expected "no" of the product. A refusal is an answer, not an error: it greys a button, names its reason,
 * becomes an RFC 9457 problem document for machines, and leaves an audit row when somebody tried anyway.
 * Add a code here, its HTTP status in `REFUSAL_STATUS`, and its sentence in the web's `en.ts` and `tr.ts`.
 */
export const REFUSAL_STATUS = {
  // who
  not_signed_in: 401,
  permission_missing: 403,
  foreign_origin: 403,
  // the request
  malformed: 400,
  not_found: 404,
  idempotency_key_missing: 400,
  idempotency_key_malformed: 400,
  idempotency_key_reused: 422,
  idempotency_key_in_flight: 409,
  version_conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  // money
  unknown_currency: 422,
  amount_not_positive: 422,
  amount_too_large: 422,
  wrong_decimals: 422,
  currency_mismatch: 422,
  insufficient_balance: 422,
  party_unknown: 422,
  duplicate_reference: 409,
  // people
  email_taken: 409,
  // payouts
  money_is_moving: 409,
  already_paid: 409,
  returned_undecided: 409,
  terminal_code: 409,
  payout_held: 409,
  scope_held: 409,
  payout_canceled: 409,
  payouts_paused: 409,
  override_open: 409,
  retry_in_flight: 409,
  already_queued: 409,
  check_first: 409,
  attempt_open: 409,
  status_forbids: 409,
  retry_suffices: 409,
  already_held: 409,
  hold_released: 409,
  nothing_changed: 422,
  // the desk
  selection_empty: 422,
  selection_too_large: 422,
  preview_expired: 409,
  count_not_confirmed: 422,
  bulk_not_open: 409,
  nothing_to_run: 409,
  nothing_failed: 409,
  snooze_in_the_past: 422,
  person_unknown: 422,
  name_taken: 409,
  not_the_owner: 403,
  // webhooks out
  url_refused: 422,
  endpoint_disabled: 409,
  message_not_deliverable: 409,
  nothing_undelivered: 409,
  // settlement
  file_unreadable: 422,
  file_faulty: 422,
  // reconciliation
  break_resolved: 409,
  risk_needs_override: 409,
  note_required: 422,
  // overrides
  self_approval: 403,
  last_retrier: 403,
  already_approved: 409,
  role_not_in_policy: 403,
  reason_too_short: 422,
  evidence_required: 422,
  override_not_open: 409,
  override_not_approved: 409,
  override_expired: 409,
  override_stale: 409,
  content_changed: 409,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** `params` fill the sentence that the code stands for (amounts as decimal strings, instants as ISO text). */
export interface Refusal {
  code: RefusalCode;
  params?: Record<string, string>;
}

export function refusal(code: RefusalCode, params?: Record<string, string>): Refusal {
  return params ? { code, params } : { code };
}

/** How a verb says no. The operation catches it, rolls back, and writes the refused audit row. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(code: RefusalCode, params?: Record<string, string>) {
    super(code);
    this.refusal = refusal(code, params);
  }
}

/** Throws Refused when a decision returned a refusal. */
export function mustNotRefuse(decision: Refusal | null): void {
  if (decision) throw new Refused(decision.code, decision.params);
}
