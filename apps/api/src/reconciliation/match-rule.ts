import type { Fact, MatchRule } from './settlement-input.ts';

// How a line was matched, as bits, because one pair of lines may agree on several references.
export const VIA_PROVIDER = 1;
export const VIA_OURS = 2;
export const VIA_FACTS = 4;
export const VIA_SUM = 8;

/** The rule that a match names: the strongest that any of its lines was matched by. */
export function ruleOf(via: number): MatchRule {
  if (via & VIA_PROVIDER) return 'provider_reference';
  if (via & VIA_OURS) return 'our_reference';
  return via & VIA_FACTS ? 'amount_date_counterparty' : 'sum';
}

/** What the match agreed on: what the rule implies, and the facts that were compared. */
export function agreedFacts(via: number, compared: readonly Fact[]): readonly Fact[] {
  const facts = new Set<Fact>();
  if (via & VIA_PROVIDER) facts.add('provider_reference');
  if (via & VIA_OURS) facts.add('our_reference');
  if (via & VIA_FACTS) facts.add('currency').add('date').add('counterparty');
  if (via & VIA_SUM) facts.add('currency').add('date').add('sum');
  for (const fact of compared) facts.add(fact);
  return shared([...facts]);
}

const LISTS = new Map<string, readonly Fact[]>();

/** One list per combination: a million clean matches hold the same few lists. */
function shared(facts: readonly Fact[]): readonly Fact[] {
  const key = facts.join();
  const known = LISTS.get(key);
  if (known) return known;
  LISTS.set(key, facts);
  return facts;
}
