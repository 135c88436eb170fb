import { referenceOf } from './settlement-input.ts';

/** Which targets a reference names. Almost always one, so one is stored without a list around it. */
export type ReferenceMap = Map<string, number | number[]>;

/** Targets by the provider's references and by ours; the two never mix. */
export interface ReferenceIndex {
  provider: ReferenceMap;
  ours: ReferenceMap;
}

export function emptyIndex(): ReferenceIndex {
  return { provider: new Map(), ours: new Map() };
}

/** Notes that `reference` names `target`; nothing happens when it is no reference or already known. */
export function addReference(map: ReferenceMap, reference: string | null, target: number): void {
  const ref = referenceOf(reference);
  if (ref === null) return;
  const known = map.get(ref);
  if (known === undefined) map.set(ref, target);
  else if (typeof known === 'number') {
    if (known !== target) map.set(ref, [known, target]);
  } else if (known.length <= MEANINGLESS && !known.includes(target)) known.push(target);
}

/** A reference of ours that names more targets than this names none: a word like "payout", not a reference. */
const MEANINGLESS = 20;

/** The targets that a reference names. */
export function targetsOf(map: ReferenceMap, reference: string | null): readonly number[] {
  const ref = referenceOf(reference);
  const known = ref === null ? undefined : map.get(ref);
  if (known === undefined) return NONE;
  return typeof known === 'number' ? [known] : known;
}

/** What the references of a line say about whom it belongs to. */
export type Resolution =
  /** `foreign`: it has references, and none of them is known. */
  | { kind: 'none'; foreign: 'no' | 'provider' | 'ours' }
  | { kind: 'one'; target: number; byProvider: boolean; byOurs: boolean }
  /** `shared`: one reference names several. `disagree`: its references name different ones. */
  | { kind: 'several'; targets: readonly number[]; why: 'shared' | 'disagree'; byProvider: boolean };

/**
 * Passes 1 and 2 of matching: by the provider's reference, then by ours. When both are there they must not contradict
 * each other; a second reference may single out one of several.
 */
export function resolve(
  index: ReferenceIndex,
  line: { providerRef: string | null; ourRefs: readonly string[] },
): Resolution {
  const byProvider = targetsOf(index.provider, line.providerRef);
  let byOurs: readonly number[] = NONE;
  for (const ref of line.ourRefs) {
    const named = targetsOf(index.ours, ref);
    if (named.length === 0 || named.length > MEANINGLESS) continue;
    const both = byOurs.length === 0 ? named : common(byOurs, named);
    if (both.length === 0) return several([...byProvider, ...byOurs, ...named], 'disagree', byProvider.length > 0);
    byOurs = both;
  }
  if (byProvider.length === 0 && byOurs.length === 0) {
    const stranger = (ref: string) => referenceOf(ref) !== null && targetsOf(index.ours, ref).length === 0;
    if (line.ourRefs.some(stranger)) return FOREIGN_OURS;
    return referenceOf(line.providerRef) === null ? UNREFERENCED : FOREIGN_PROVIDER;
  }
  const both = byProvider.length === 0 ? byOurs : byOurs.length === 0 ? byProvider : common(byProvider, byOurs);
  const [target] = both;
  if (target === undefined) return several([...byProvider, ...byOurs], 'disagree', true);
  if (both.length > 1) return several(both, 'shared', byProvider.length > 0);
  return { kind: 'one', target, byProvider: byProvider.length > 0, byOurs: byOurs.length > 0 };
}

const NONE: readonly number[] = [];
const UNREFERENCED: Resolution = { kind: 'none', foreign: 'no' };
const FOREIGN_PROVIDER: Resolution = { kind: 'none', foreign: 'provider' };
const FOREIGN_OURS: Resolution = { kind: 'none', foreign: 'ours' };

function several(targets: readonly number[], why: 'shared' | 'disagree', byProvider: boolean): Resolution {
  return { kind: 'several', targets: [...new Set(targets)].sort((a, b) => a - b), why, byProvider };
}

function common(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.filter((target) => b.includes(target));
}
