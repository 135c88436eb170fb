/** What a provider's code says about trying a payout again. */
export interface FailureCodeRule {
  /** Whether a new attempt with the same destination may succeed: the cause passes by itself or is ours to mend. */
  retryable: boolean;
  /** One English sentence; the console translates by the code. */
  meaning: string;
}

/**
 * Stripe's payout failure codes and the API error codes that a payout can meet, with our own words for refusals that
 * carry none (`invalid_request`, `authentication_failed`, …).
 * Source: Stripe's API reference, "Payout failures" and "Error codes"; retryable as domain rules §1 say.
 */
const STRIPE: Readonly<Record<string, FailureCodeRule>> = {
  // The cause passes by itself, or is ours to mend without touching the payout.
  insufficient_funds: passes('Our balance at the provider was too low to cover the payout.'),
  balance_insufficient: passes('Our balance at the provider was too low to cover the payout.'),
  could_not_process: passes('The bank could not process the payout at the time.'),
  payouts_limit_exceeded: passes('The daily limit for payouts of this kind was reached.'),
  instant_payouts_limit_exceeded: passes('The daily limit for instant payouts was reached.'),
  rate_limit: passes('The provider took no more requests at the time.'),
  lock_timeout: passes('Another request was using the same object at the provider.'),
  authentication_failed: passes('The provider did not accept our API key.'),
  provider_unreachable: passes('Our request certainly never reached the provider.'),
  permission_denied: ends('Our API key may not create payouts.'),

  // The destination must change.
  account_closed: ends('The bank account has been closed.'),
  account_frozen: ends('The bank account has been frozen.'),
  bank_account_bad_routing_numbers: ends('The routing number of the bank account is wrong.'),
  bank_account_closed: ends('The bank account has been closed.'),
  bank_account_declined: ends('The bank account cannot be used for payouts.'),
  bank_account_frozen: ends('The bank account has been frozen.'),
  bank_account_invalid_details: ends('The details of the bank account are wrong.'),
  bank_account_restricted: ends('The bank account restricts the kind or the number of payouts it takes.'),
  bank_account_unusable: ends('The bank account cannot be used for payouts.'),
  bank_account_unverified: ends('The bank account has not been verified.'),
  bank_ownership_changed: ends('The bank branch changed owner, so the account details are no longer valid.'),
  debit_not_authorized: ends('The bank account does not authorize debits, which the provider requires.'),
  declined: ends('The bank declined the transfer; ask the bank before trying again.'),
  incorrect_account_holder_address: ends('The address of the account holder is wrong.'),
  incorrect_account_holder_name: ends('The name of the account holder is wrong.'),
  incorrect_account_holder_tax_id: ends('The tax number of the account holder is wrong.'),
  invalid_account_number: ends('The account number is wrong.'),
  invalid_currency: ends('The bank account does not take this currency.'),
  invalid_payout_method: ends('The destination cannot receive payouts.'),
  no_account: ends('The bank found no account with these details.'),
  unsupported_card: ends('The bank does not take payouts to this card.'),

  // The payout itself must change, or our account at the provider.
  account_invalid: ends('Our account at the provider is wrong for this payout.'),
  amount_too_large: ends('The amount is above what the provider takes.'),
  amount_too_small: ends('The amount is below what the provider takes.'),
  canceled_at_provider: ends('The payout was canceled at the provider.'),
  instant_payouts_config_disabled: ends('Instant payouts are switched off in our account at the provider.'),
  instant_payouts_currency_disabled: ends('Instant payouts are not available in this currency.'),
  instant_payouts_unsupported: ends('The destination does not take instant payouts.'),
  invalid_request: ends('The provider found the request invalid.'),
  livemode_mismatch: ends('A test object was used with a live key, or the reverse.'),
  parameter_invalid_empty: ends('The provider missed a value in the request.'),
  parameter_invalid_integer: ends('The provider found a number in the request invalid.'),
  parameter_missing: ends('The provider missed a parameter in the request.'),
  parameter_unknown: ends('The provider does not know a parameter of the request.'),
  payouts_not_allowed: ends('Our account at the provider may not make payouts.'),
  resource_missing: ends('The provider does not know the destination.'),
};

const RULES: Readonly<Record<string, Readonly<Record<string, FailureCodeRule>>>> = { stripe: STRIPE };

/**
 * The rule for a provider's code. A code or provider that the tables do not have is terminal: money is never sent again
 * on a guess.
 */
export function failureCodeRule(provider: string, code: string): FailureCodeRule {
  const rules = Object.hasOwn(RULES, provider) ? RULES[provider] : undefined;
  const rule = rules && Object.hasOwn(rules, code) ? rules[code] : undefined;
  return rule ?? { retryable: false, meaning: 'The provider gave a code that is not known here.' };
}

/** Refusals that a provider gives before it looks at the idempotency key, or because the key's first request still runs. */
const BEFORE_THE_KEY: ReadonlySet<string> = new Set([
  'authentication_failed',
  'idempotency_key_in_use',
  'lock_timeout',
  'permission_denied',
  'rate_limit',
]);

/**
 * Whether a refusal leaves open what an earlier send under the same key did: it may have moved money all the same. True
 * for a code that no table has: the provider is asked then, rather than believed.
 */
export function saysNothingAboutKey(code: string): boolean {
  return BEFORE_THE_KEY.has(code) || !Object.values(RULES).some((rules) => Object.hasOwn(rules, code));
}

function passes(meaning: string): FailureCodeRule {
  return { retryable: true, meaning };
}

function ends(meaning: string): FailureCodeRule {
  return { retryable: false, meaning };
}
