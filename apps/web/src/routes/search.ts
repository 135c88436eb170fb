const MAX_LENGTH = 200;

/** Keeps the named search parameters that are short texts, and nothing else: a URL is anybody's input. */
export function readSearch<S extends Partial<Record<keyof S, string>>>(
  ...names: (keyof S & string)[]
): (raw: Record<string, unknown>) => S {
  return (raw) => {
    const kept: Partial<Record<keyof S, string>> = {};
    for (const name of names) {
      const value = raw[name];
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text === 'string' && text !== '' && text.length <= MAX_LENGTH) kept[name] = text;
    }
    return kept as S;
  };
}
