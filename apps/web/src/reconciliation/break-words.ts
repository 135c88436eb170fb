import type { RefusalCode } from '@countersign/api/src/core/refusal.ts';
import { refusalReason } from '../lib/failure.ts';
import type { Text, TextKey } from '../lib/i18n.ts';
import type { useFormat } from '../lib/use-format.ts';
import type { BreakRow, FiredRule, Side } from './reconciliation-wire.ts';

type Format = ReturnType<typeof useFormat>;
type RuleKey = Extract<TextKey, `reconciliation.rules.${string}`>;

/** What a rule of the risk policy is about. One that is newer than this page is said as it is. */
export function ruleText(t: Text, rule: string): string {
  const key = `reconciliation.rules.${rule}` as RuleKey;
  const words = t(key);
  return words === key ? rule : words;
}

/** What a rule looked at, and what it compared that with: `EUR 12,904.10 ≥ 10,000.00`. Null where its name says it all. */
export function measureText(t: Text, format: Format, { inputs, thresholds }: FiredRule): string | null {
  const { currency, amount, age_ms: age, drift, mismatched_minor: part, volume_minor: whole } = inputs;
  if (currency !== undefined && amount !== undefined && thresholds.amount !== undefined) {
    const say = (decimal: string) => format.money({ amountMinor: decimal.replace('.', ''), currency });
    return t('reconciliation.measures.atLeast', { input: say(amount), limit: say(thresholds.amount) });
  }
  if (age !== undefined && thresholds.age_ms !== undefined) {
    const say = (ms: string) => format.duration(Number(ms));
    return t('reconciliation.measures.atLeast', { input: say(age), limit: say(thresholds.age_ms) });
  }
  if (drift !== undefined && thresholds.drift !== undefined) {
    return t('reconciliation.measures.above', { input: format.count(drift), limit: thresholds.drift });
  }
  if (currency !== undefined && part !== undefined && whole !== undefined && thresholds.share_percent !== undefined) {
    const say = (amountMinor: string) => format.money({ amountMinor, currency });
    return t('reconciliation.measures.share', { part: say(part), whole: say(whole), limit: thresholds.share_percent });
  }
  return null;
}

/** The rules that say something of their own: a weaker limit on what a stronger one has already judged does not. */
export function tellingRules(fired: readonly FiredRule[]): FiredRule[] {
  const judged = (rule: FiredRule): string => JSON.stringify([rule.inputs, Object.keys(rule.thresholds)]);
  return fired.filter((rule, at) => at === fired.findIndex((other) => judged(other) === judged(rule)));
}

/** Why the action is recommended, in a sentence. */
export function reasonText(t: Text, { why }: BreakRow['action']): string {
  const { code, count } = why.params;
  return t(`reconciliation.reasons.${why.code}`, {
    reason: code === undefined ? '' : refusalReason(t, { code: code as RefusalCode }),
    count: count ?? '',
  });
}

/** The action in a few words: `Check provider`, `Wait until 05:15`. */
export function actionText(t: Text, format: Format, { action, until }: BreakRow['action']): string {
  return until === null
    ? t(`reconciliation.actions.${action}`)
    : t('reconciliation.waitUntil', { time: shortTime(format, until) });
}

/** Hours and minutes are enough for a file that comes once a day. */
function shortTime(format: Format, at: string): string {
  return format.time(at).slice(0, 5);
}

/** What one side holds where it holds no amount: `missing` (no file reaches), `–` (looked at, nothing there), `2 lines`. */
export function sideText(t: Text, side: Side): string {
  if (side.state === 'missing') return t('reconciliation.side.missing');
  if (side.state === 'present') return t('reconciliation.side.lines', { count: side.lines });
  return side.state === 'nothing' ? '–' : '';
}

/** What is taken from what, for the heading of a difference. */
export function differenceKey(kind: BreakRow['kind']): 'differenceTitle' | 'differenceStored' {
  return kind === 'ledger_vs_wallet' ? 'differenceStored' : 'differenceTitle';
}

/** The id and kind of an account: `wallet:pa_…` is the wallet of that party. */
export function accountParts(account: string): { kind: string; id: string | null } {
  const at = account.indexOf(':');
  return at < 0 ? { kind: account, id: null } : { kind: account.slice(0, at), id: account.slice(at + 1) };
}
