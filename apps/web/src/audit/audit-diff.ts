/** One field of an event, by its path in the record: `outcome.kind`. */
export interface Fact {
  path: string;
  value: unknown;
}

export interface Change {
  path: string;
  before: unknown;
  after: unknown;
  changed: boolean;
}

export interface AuditDiff {
  /** Fields that both sides have: what was, and what is. */
  changes: Change[];
  /** Fields that only one side has: what was written down with the act. */
  facts: Fact[];
}

type Fields = Map<string, unknown>;

/**
 * What an event changed, field by field. A field that only one side names was not changed from nothing: it is what was
 * recorded with the act, so it is a fact and no change. An amount stays one field; other objects are taken apart.
 */
export function auditDiff(before: unknown, after: unknown): AuditDiff {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const changes: Change[] = [];
  const facts: Fact[] = [];
  for (const path of new Set([...was.keys(), ...is.keys()])) {
    if (was.has(path) && is.has(path)) {
      const pair = { path, before: was.get(path), after: is.get(path) };
      changes.push({ ...pair, changed: JSON.stringify(pair.before) !== JSON.stringify(pair.after) });
    } else facts.push({ path, value: was.has(path) ? was.get(path) : is.get(path) });
  }
  return { changes, facts };
}

/** Money as records hold it: minor units as a decimal string. */
export function isMoney(value: unknown): value is { minor: string; currency: string } {
  if (!isObject(value)) return false;
  const { minor, currency } = value;
  return typeof minor === 'string' && /^-?\d+$/.test(minor) && typeof currency === 'string' && currency.length === 3;
}

function fieldsOf(side: unknown): Fields {
  const fields: Fields = new Map();
  const take = (value: unknown, path: string): void => {
    if (isObject(value) && !isMoney(value) && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) take(inner, path ? `${path}.${name}` : name);
    } else fields.set(path, value);
  };
  if (side !== null && side !== undefined) take(side, '');
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
