import { createHash } from 'node:crypto';
import { invalidRequest } from './provider-error.ts';

/** Form-encoded parameters, one level of nesting: `metadata[payout_id]=…` is `groups.metadata.payout_id`. */
export interface Form {
  fields: Map<string, string>;
  groups: Map<string, Map<string, string>>;
}

/** Reads a form-encoded body or query string. Throws ProviderError on a name that is neither `a` nor `a[b]`. */
export function readForm(text: string): Form {
  const form: Form = { fields: new Map(), groups: new Map() };
  for (const [name, value] of new URLSearchParams(text)) {
    const parts = /^([^[\]]+)(?:\[([^[\]]*)\])?$/.exec(name);
    const [, outer, inner] = parts ?? [];
    if (outer === undefined) {
      throw invalidRequest(`Received malformed parameter: ${name.slice(0, 100)}`, { code: 'parameter_unknown' });
    }
    if (inner === undefined) {
      form.fields.set(outer, value);
      continue;
    }
    const group = form.groups.get(outer) ?? new Map<string, string>();
    group.set(inner === '' ? String(group.size) : inner, value);
    form.groups.set(outer, group);
  }
  return form;
}

/** Throws ProviderError for the first parameter that is not in `known`; a typo must not be silently dropped. */
export function refuseUnknown(form: Form, known: readonly string[]): void {
  for (const name of [...form.fields.keys(), ...form.groups.keys()]) {
    if (!known.includes(name)) {
      throw invalidRequest(`Received unknown parameter: ${name.slice(0, 100)}`, {
        code: 'parameter_unknown',
        param: name.slice(0, 100),
      });
    }
  }
}

/** Reads a whole number written in decimal digits. Throws ProviderError naming `param` otherwise. */
export function wholeNumber(text: string, param: string): number {
  const value = /^-?\d{1,17}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw invalidRequest(`Invalid integer: ${text.slice(0, 40)}`, { code: 'parameter_invalid_integer', param });
  }
  return value;
}

/** What two requests under one idempotency key are compared by: the endpoint and its parameters in any order. */
export function fingerprint(endpoint: string, body: string): string {
  const pairs = [...new URLSearchParams(body)].map(([name, value]) => JSON.stringify([name, value])).sort();
  return createHash('sha256')
    .update(`${endpoint}\n${pairs.join('\n')}`)
    .digest('hex');
}
