import { pairByFacts } from './fact-pairing.ts';
import { claimBatch } from './ledger-batch.ts';
import { doubleEntryFinding, indexLedger, sharedReferenceFinding } from './ledger-index.ts';
import { agreedFacts, ruleOf, VIA_FACTS, VIA_OURS, VIA_PROVIDER, VIA_SUM } from './match-rule.ts';
import { absence, judgeAbsence, judgeItem } from './payout-verdict.ts';
import { resolve } from './reference-index.ts';
import {
  anchorOf,
  type Desk,
  freeItems,
  freeLines,
  itemFinding,
  keysOf,
  type LedgerProviderOutcome,
  linesOf,
  link,
  openDesk,
  reportAmbiguous,
} from './settlement-desk.ts';
import {
  type Fact,
  type LedgerItem,
  type Match,
  type ProviderLine,
  referenceOf,
  type SettlementOptions,
} from './settlement-input.ts';
import type { Coverage } from './settlement-window.ts';
import { claimSums } from './sum-search.ts';
import { unknownLineFindings } from './unknown-lines.ts';

/**
 * Ledger ↔ provider: passes 1 and 2 by reference, 3 by facts, 4 by sums, then a verdict on every item, and on every
 * line that is left. Items and lines come in the order of their keys; `budget` is counted down.
 */
export function matchLedgerToProvider(
  items: readonly LedgerItem[],
  lines: readonly ProviderLine[],
  coverage: Coverage,
  options: SettlementOptions,
  budget: { steps: number },
): LedgerProviderOutcome {
  const desk = openDesk(indexLedger(items), lines, options);
  byReference(desk);
  reportSharedReferences(desk);
  byFacts(desk);
  bySums(desk, budget);
  reportUndecidedReferences(desk);
  for (const leader of desk.ledger.leaders) judgeLeader(desk, leader, coverage);
  const unknown = lines.filter(
    (_, at) => desk.resolved[at] !== undefined && desk.out.itemOf[at] === -1 && !desk.spokenLines[at],
  );
  for (const found of unknownLineFindings(unknown)) desk.out.findings.push(found);
  return desk.out;
}

/** What the ledger tells by itself while the provider's source is missing. */
export function judgeLedgerAlone(items: readonly LedgerItem[], options: SettlementOptions): LedgerProviderOutcome {
  const { ledger, out } = openDesk(indexLedger(items), [], options);
  for (const leader of ledger.leaders) {
    const item = ledger.items[leader];
    if (!item) continue;
    out.findings.push(...doubleEntryFinding(ledger, leader));
    const open = absence(item) !== null && judgeAbsence(windowOf(item), {}, options.asOf) === 'unexamined';
    (open ? out.unexamined : out.expected).push(item.key);
  }
  return out;
}

/** Passes 1 and 2. A fee may belong to a fee of the ledger or to the payout it was charged for. */
function byReference(desk: Desk): void {
  const { ledger, lines, options } = desk;
  lines.forEach((line, at) => {
    if (!options.ledgerKinds.includes(line.kind)) {
      desk.out.outsideLedger.push(line.key);
      return;
    }
    let found = resolve(line.kind === 'fee' ? ledger.fees : ledger.payouts, line);
    if (found.kind === 'none' && line.kind === 'fee') found = resolve(ledger.payouts, line);
    desk.resolved[at] = found;
    if (found.kind === 'one') {
      link(desk, at, found.target, (found.byProvider ? VIA_PROVIDER : 0) | (found.byOurs ? VIA_OURS : 0));
    } else if (found.kind === 'several' && found.why === 'disagree') {
      reportAmbiguous(desk, 'references_disagree', { anchor: [line.key], period: line.bookedOn }, found.targets, [at]);
    }
  });
}

/** A provider reference that several payouts claim is a fault of the ledger, not of the lines that carry it. */
function reportSharedReferences(desk: Desk): void {
  const { shared } = desk.ledger;
  if (shared.size === 0) return;
  const carrying = new Map<string, { all: ProviderLine[]; undecided: ProviderLine[] }>();
  desk.lines.forEach((line, at) => {
    const found = desk.resolved[at];
    const ref = referenceOf(line.providerRef);
    if (!found || ref === null || !shared.has(ref)) return;
    const lists = carrying.get(ref) ?? { all: [], undecided: [] };
    carrying.set(ref, lists);
    lists.all.push(line);
    if (found.kind === 'several' && !desk.spokenLines[at]) {
      lists.undecided.push(line);
      desk.spokenLines[at] = 1;
    }
  });
  for (const [ref, targets] of shared) {
    for (const target of targets) desk.spokenItems[target] = 1;
    const { all, undecided } = carrying.get(ref) ?? { all: [], undecided: [] };
    desk.out.findings.push(...sharedReferenceFinding(desk.ledger, ref, all, undecided));
  }
}

/** Pass 3, among items that no line refers to and lines whose references leave room. */
function byFacts(desk: Desk): void {
  const { ledger, options } = desk;
  const pairing = pairByFacts(freeItems(desk), freeLines(desk, false), {
    tolerance: options.tolerance.gross,
    window: options.window,
    compatible: (item, line) => {
      const found = desk.resolved[line];
      return found?.kind !== 'several' || found.targets.includes(item);
    },
  });
  for (const { holder, other } of pairing.pairs) link(desk, other, holder, VIA_FACTS);
  for (const { holders, others, why } of pairing.clusters) {
    const items = holders.flatMap((at) => ledger.items[at] ?? []);
    const [first] = items.sort((a, b) => (anchorOf(a) < anchorOf(b) ? -1 : 1));
    if (!first) continue;
    reportAmbiguous(desk, why, { anchor: ['facts', anchorOf(first)], period: first.occurredOn }, holders, others);
  }
}

/** Pass 4: a line that pays several items at once, then an item that was paid in several lines. */
function bySums(desk: Desk, budget: { steps: number }): void {
  const { ledger, lines, options } = desk;
  const { beforeDays, afterDays } = options.window;
  const rule = { tolerance: options.tolerance.gross, maxCandidates: options.sumSearch.maxCandidates, budget };
  // Parts of a payment go its way: a debit and a credit that happen to add up are no payment in parts.
  const sameKind = (itemAt: number, lineAt: number) => {
    const [item, line] = [ledger.items[itemAt], lines[lineAt]];
    if (!item || !line || item.grossMinor < 0n !== line.grossMinor < 0n) return false;
    return item.kind === (line.kind === 'other' ? 'payout' : line.kind);
  };

  const batches = claimSums(freeLines(desk, true), freeItems(desk), {
    ...rule,
    single: 'theirs',
    slack: { beforeDays: afterDays, afterDays: beforeDays },
    compatible: (line, item) => sameKind(item, line),
  });
  for (const { single, members } of batches.claims) claimBatch(desk, single, members);
  for (const { single, members, why } of batches.doubtful) {
    const line = lines[single];
    if (line) reportAmbiguous(desk, why, { anchor: [line.key], period: line.bookedOn }, members, [single]);
  }

  const parts = claimSums(freeItems(desk), freeLines(desk, true), {
    ...rule,
    single: 'ours',
    slack: { beforeDays, afterDays },
    compatible: sameKind,
  });
  for (const { single, members } of parts.claims) for (const line of members) link(desk, line, single, VIA_SUM);
  for (const { single, members, why } of parts.doubtful) {
    const item = ledger.items[single];
    if (!item) continue;
    reportAmbiguous(desk, why, { anchor: ['sum', anchorOf(item)], period: item.occurredOn }, [single], members);
  }
  desk.out.sumSearchExhausted = batches.exhausted || parts.exhausted;
}

/** A reference of ours that names several payouts, and no facts that would single one out. */
function reportUndecidedReferences(desk: Desk): void {
  desk.lines.forEach((line, at) => {
    const found = desk.resolved[at];
    if (found?.kind !== 'several' || desk.out.itemOf[at] !== -1 || desk.spokenLines[at]) return;
    reportAmbiguous(desk, 'shared_reference', { anchor: [line.key], period: line.bookedOn }, found.targets, [at]);
  });
}

function windowOf(item: LedgerItem) {
  return { currency: item.currency, from: item.occurredOn, by: item.settleBy };
}

/** The verdict on one payout or fee of the ledger, with all the lines that are its own. */
function judgeLeader(desk: Desk, leader: number, coverage: Coverage): void {
  const { ledger, out, options } = desk;
  const item = ledger.items[leader];
  if (!item) return;
  out.findings.push(...doubleEntryFinding(ledger, leader));
  const judged = judgeAbsence(windowOf(item), coverage, options.asOf);
  const { lines, via } = linesOf(desk, leader);
  if (lines.length === 0) {
    if (desk.spokenItems[leader]) return;
    const missing = absence(item);
    if (missing === null || judged === 'expected') out.expected.push(item.key);
    else if (judged === 'unexamined') out.unexamined.push(item.key);
    else out.findings.push(itemFinding(item, [], missing));
    return;
  }
  // What a break or a batch already tells of its money is not told again; a batch holds the fees as well.
  if (desk.spokenItems[leader] && !desk.movedItems[leader]) {
    if (!desk.batchedItems[leader]) out.matches.push(matchOf(item, lines, via, ['currency'], []));
    return;
  }
  const verdict = judgeItem(item, lines, options);
  const late = judged === 'break' ? verdict.onceLate : null;
  for (const one of verdict.disagreements) out.findings.push(itemFinding(item, lines, one));
  if (late) out.findings.push(itemFinding(item, lines, late));
  const differs: readonly Fact[] = late ? [...verdict.differs, 'status'] : verdict.differs;
  out.matches.push(matchOf(item, lines, via, verdict.agreed, differs));
}

function matchOf(
  item: LedgerItem,
  lines: readonly ProviderLine[],
  via: number,
  agreed: readonly Fact[],
  differs: readonly Fact[],
): Match {
  return {
    side: 'ledger_provider',
    rule: ruleOf(via),
    ledgerKeys: [item.key],
    providerKeys: keysOf(lines),
    bankKeys: [],
    agreed: agreedFacts(via, agreed),
    differs,
  };
}
