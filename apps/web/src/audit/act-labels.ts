import type { Act } from '@countersign/api/src/audit/audit-event.ts';

type ModuleOf<A extends string> = A extends `${infer Module}.${string}` ? Module : never;
type VerbOf<A extends string, Module extends string> = A extends `${Module}.${infer Verb}` ? Verb : never;

/** A label for every act, as a tree: `payout.retried` is `{ payout: { retried } }`, since texts are found by paths. */
export type ActLabels = { [Module in ModuleOf<Act>]: { [Verb in VerbOf<Act, Module>]: string } };
