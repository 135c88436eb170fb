import type { PayoutFilter, PayoutWhere } from '@countersign/api/src/payouts/payout-list.ts';
import type { inferOutput } from '@trpc/tanstack-react-query';
import type { trpc } from '../lib/trpc.ts';
import type { PayoutsSearch } from '../paths.ts';
import { type PayoutsQuestion, withoutWhere, writeQuestion } from './payouts-question.ts';

/** Payouts that are late or stuck for one cause, as they arrive. */
export type PayoutGroup = inferOutput<typeof trpc.payouts.groups>['groups'][number];

export function groupId({ cause, code, provider }: Pick<PayoutGroup, 'cause' | 'code' | 'provider'>): string {
  return `${cause} ${code ?? ''} ${provider}`;
}

/** What an act on a group is asked with: the list's own question, narrowed by the group as the server counted it. */
export function groupSelection(
  filter: PayoutFilter,
  { where }: Pick<PayoutGroup, 'where'>,
): { filter: PayoutFilter; where: PayoutWhere } {
  return { filter, where };
}

/** The address's change that shows a group's rows: what they are listed with is what an act on the group takes. */
export function groupSearch(question: PayoutsQuestion, { where }: Pick<PayoutGroup, 'where'>): PayoutsSearch {
  return { ...withoutWhere(), ...writeQuestion({ ...question, where, grouped: false }), group: '' };
}
