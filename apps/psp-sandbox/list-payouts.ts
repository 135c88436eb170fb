import { type Form, readForm, refuseUnknown, wholeNumber } from './form.ts';
import type { PayoutQuery, Range } from './payout.store.ts';
import { invalidRequest } from './provider-error.ts';

const PARAMETERS = [
  'arrival_date',
  'created',
  'destination',
  'ending_before',
  'expand',
  'limit',
  'starting_after',
  'status',
];

/** Reads the query string of `GET /v1/payouts`. Throws ProviderError on what the provider refuses. */
export function readPayoutQuery(search: string): PayoutQuery {
  const form = readForm(search);
  refuseUnknown(form, PARAMETERS);
  const limitText = form.fields.get('limit');
  const limit = limitText === undefined ? 10 : wholeNumber(limitText, 'limit');
  if (limit < 1 || limit > 100) {
    throw invalidRequest('Invalid limit: it must be between 1 and 100.', {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  }
  const query: PayoutQuery = { limit };
  const startingAfter = form.fields.get('starting_after');
  const endingBefore = form.fields.get('ending_before');
  if (startingAfter !== undefined && endingBefore !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: starting_after, ending_before.', {
      code: 'parameters_exclusive',
    });
  }
  const status = form.fields.get('status');
  const destination = form.fields.get('destination');
  if (status !== undefined) query.status = status;
  if (destination !== undefined) query.destination = destination;
  if (startingAfter !== undefined) query.startingAfter = startingAfter;
  if (endingBefore !== undefined) query.endingBefore = endingBefore;
  query.created = readRange(form, 'created');
  query.arrivalDate = readRange(form, 'arrival_date');
  return query;
}

/** `created=…` is one second; `created[gte]=…` and its kin are bounds. */
function readRange(form: Form, param: 'created' | 'arrival_date'): Range {
  const exact = form.fields.get(param);
  if (exact !== undefined) {
    const second = wholeNumber(exact, param);
    return { gte: second, lte: second };
  }
  const range: Range = {};
  for (const [bound, text] of form.groups.get(param) ?? []) {
    if (bound !== 'gt' && bound !== 'gte' && bound !== 'lt' && bound !== 'lte') {
      throw invalidRequest(`Received unknown parameter: ${param}[${bound.slice(0, 40)}]`, {
        code: 'parameter_unknown',
        param: `${param}[${bound.slice(0, 40)}]`,
      });
    }
    range[bound] = wholeNumber(text, `${param}[${bound}]`);
  }
  return range;
}
