import { type BreakDetail, type Candidate, type Finding, finding, NO_SUBJECTS, type Period } from './break.ts';
import { CANDIDATE_LIMIT, dayNumber, type FactLine, foldCounterparty } from './fact-pairing.ts';
import { idsOf, type LedgerIndex } from './ledger-index.ts';
import { type Disagreement, isOut } from './payout-verdict.ts';
import type { Resolution } from './reference-index.ts';
import type { LedgerItem, Match, ProviderLine, SettlementOptions } from './settlement-input.ts';

/** What came of comparing the ledger with the provider. */
export interface LedgerProviderOutcome {
  matches: Match[];
  findings: Finding[];
  expected: string[];
  unexamined: string[];
  outsideLedger: string[];
  /** Position of the item that a provider line was matched with, −1 for none. */
  itemOf: Int32Array;
  sumSearchExhausted: boolean;
}

/** What the passes between ledger and provider share. Items and lines are meant by their positions. */
export interface Desk {
  ledger: LedgerIndex;
  lines: readonly ProviderLine[];
  options: SettlementOptions;
  out: LedgerProviderOutcome;
  /** By line: what its references said; undefined for lines outside the ledger. */
  resolved: (Resolution | undefined)[];
  /** By line: how it was matched. */
  via: Uint8Array;
  /** By item its last line, and by line the one before it of the same item; −1 ends. Lists cost too much at a million. */
  lastLine: Int32Array;
  lineBefore: Int32Array;
  /** Items that a line moves money of; a fee alone does not. */
  movedItems: Uint8Array;
  /** What a break already names, or a sum has claimed: free for nothing else. */
  spokenItems: Uint8Array;
  spokenLines: Uint8Array;
  /** Items that a line claimed together with others. */
  batchedItems: Uint8Array;
}

export function openDesk(ledger: LedgerIndex, lines: readonly ProviderLine[], options: SettlementOptions): Desk {
  return {
    ledger,
    lines,
    options,
    out: {
      matches: [],
      findings: [],
      expected: [],
      unexamined: [],
      outsideLedger: [],
      itemOf: new Int32Array(lines.length).fill(-1),
      sumSearchExhausted: false,
    },
    resolved: new Array(lines.length),
    via: new Uint8Array(lines.length),
    lastLine: new Int32Array(ledger.items.length).fill(-1),
    lineBefore: new Int32Array(lines.length).fill(-1),
    movedItems: new Uint8Array(ledger.items.length),
    spokenItems: new Uint8Array(ledger.items.length),
    spokenLines: new Uint8Array(lines.length),
    batchedItems: new Uint8Array(ledger.items.length),
  };
}

/** Gives a line to an item. */
export function link(desk: Desk, line: number, item: number, via: number): void {
  desk.out.itemOf[line] = item;
  desk.via[line] = via;
  desk.lineBefore[line] = desk.lastLine[item] ?? -1;
  desk.lastLine[item] = line;
  if (desk.lines[line]?.kind !== 'fee' || desk.ledger.items[item]?.kind === 'fee') desk.movedItems[item] = 1;
}

/** The lines of an item in the order of their keys, and the bits of how they were matched. */
export function linesOf(desk: Desk, item: number): { lines: ProviderLine[]; via: number } {
  const lines: ProviderLine[] = [];
  let via = 0;
  for (let at = desk.lastLine[item] ?? -1; at !== -1; at = desk.lineBefore[at] ?? -1) {
    const line = desk.lines[at];
    if (line) lines.push(line);
    via |= desk.via[at] ?? 0;
  }
  return { lines: lines.sort(byKey), via };
}

/** Items whose money should have left a trace at the provider, and of which no line tells yet. */
export function freeItems(desk: Desk): FactLine[] {
  const free: FactLine[] = [];
  for (const at of desk.ledger.leaders) {
    const item = desk.ledger.items[at];
    if (!item || desk.movedItems[at] || desk.spokenItems[at] || !isOut(item)) continue;
    const fromDay = dayNumber(item.occurredOn);
    free.push({
      id: at,
      kind: item.kind,
      currency: item.currency,
      amountMinor: item.grossMinor,
      counterparty: foldCounterparty(item.counterparty),
      fromDay,
      toDay: Math.max(fromDay, dayNumber(item.settleBy)),
      unlearned: item.attempts.every((attempt) => attempt.providerRef === null),
    });
  }
  return free;
}

/**
 * Lines whose references did not decide and leave room for a match by facts; `bare`: only those that carry none at all.
 * A line with a reference of ours that we never gave has an owner elsewhere.
 */
export function freeLines(desk: Desk, bare: boolean): FactLine[] {
  const free: FactLine[] = [];
  desk.lines.forEach((line, at) => {
    const found = desk.resolved[at];
    if (!found || found.kind === 'one' || desk.out.itemOf[at] !== -1 || desk.spokenLines[at]) return;
    const foreign = found.kind === 'none' ? found.foreign : 'no';
    if (line.status === 'failed' || foreign === 'ours' || (bare && (found.kind !== 'none' || foreign !== 'no'))) return;
    const day = dayNumber(line.bookedOn);
    free.push({
      id: at,
      kind: line.kind === 'other' ? 'payout' : line.kind,
      currency: line.currency,
      amountMinor: line.grossMinor,
      counterparty: foldCounterparty(line.counterparty),
      fromDay: day,
      toDay: day,
      unlearned: foreign === 'provider',
    });
  });
  return free;
}

/** Reports what cannot be decided, with its candidates, and takes it off the desk. */
export function reportAmbiguous(
  desk: Desk,
  detail: BreakDetail,
  identity: { anchor: readonly string[]; period: Period },
  itemsAt: readonly number[],
  linesAt: readonly number[],
): void {
  for (const at of itemsAt) desk.spokenItems[at] = 1;
  for (const at of linesAt) desk.spokenLines[at] = 1;
  const items = itemsAt.flatMap((at) => desk.ledger.items[at] ?? []).sort(byKey);
  const lines = linesAt.flatMap((at) => desk.lines[at] ?? []).sort(byKey);
  const [first] = [...items, ...lines];
  if (!first) return;
  const one = [...items, ...lines].every((any) => any.currency === first.currency);
  const [ours, theirs] = [sumGross(items), sumGross(lines)];
  const candidates: Candidate[] = [
    ...items.map((item) => candidate('ledger', item, item.payoutId)),
    ...lines.map((line) => candidate('provider', line, null)),
  ];
  desk.out.findings.push(
    finding({
      kind: 'settlement',
      type: 'ambiguous',
      side: 'ledger_provider',
      detail,
      ...identity,
      currency: one ? first.currency : null,
      oursMinor: one ? ours : null,
      providerMinor: one ? theirs : null,
      differenceMinor: one ? theirs - ours : 0n,
      candidates: candidates.slice(0, CANDIDATE_LIMIT),
      candidateCount: candidates.length,
      subjects: { ...NO_SUBJECTS, payoutIds: idsOf(items), ledgerKeys: keysOf(items), providerKeys: keysOf(lines) },
    }),
  );
}

/** The break for one item of the ledger. A payout is its own identity; a fee is identified by its row. */
export function itemFinding(item: LedgerItem, lines: readonly ProviderLine[], of: Disagreement): Finding {
  const isFee = item.kind === 'fee';
  const feeDiffers = isFee && of.type === 'amount_mismatch';
  return finding({
    kind: 'settlement',
    side: 'ledger_provider',
    anchor: [anchorOf(item)],
    period: item.occurredOn,
    currency: item.currency,
    ...of,
    type: feeDiffers ? 'fee_mismatch' : of.type,
    detail: feeDiffers ? 'fee_differs' : of.detail,
    unknownDebit: of.unknownDebit && !isFee,
    subjects: { ...NO_SUBJECTS, payoutIds: idsOf([item]), ledgerKeys: [item.key], providerKeys: keysOf(lines) },
  });
}

/** What the identity of a break about an item is made of. */
export function anchorOf(item: LedgerItem): string {
  return item.kind === 'payout' ? (item.payoutId ?? item.key) : item.key;
}

export function keysOf(lines: readonly { key: string }[]): string[] {
  return lines.map((line) => line.key).sort();
}

export function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}

function candidate(
  source: Candidate['source'],
  line: { key: string; grossMinor: bigint; currency: Candidate['currency'] },
  payoutId: string | null,
): Candidate {
  return { source, key: line.key, payoutId, amountMinor: line.grossMinor, currency: line.currency };
}

function sumGross(lines: readonly { grossMinor: bigint }[]): bigint {
  return lines.reduce((sum, line) => sum + line.grossMinor, 0n);
}
