import type { Permission } from '@countersign/api/src/identity/permission.ts';
import { useStartBulk } from '../bulk/use-start-bulk.ts';
import { refusalReason, refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { useFormat } from '../lib/use-format.ts';
import type { WhyNot } from '../ui/button.tsx';
import { askedOf, type PayoutsQuestion } from './payouts-question.ts';
import { type Pickable, type Selection, sizeOf } from './selection.ts';

/** Most payouts of one run, as the server has it. */
const MOST = 10_000;

export type BulkAct = 'retry' | 'check' | 'assign' | 'hold';

const NEEDS: Record<BulkAct, Permission> = {
  retry: 'payout:retry',
  check: 'payout:check',
  assign: 'payout:assign',
  hold: 'payout:hold',
};

export interface SelectionActs {
  busy: boolean;
  /** Why an act cannot be begun. What it would do to each payout is in its preview. */
  whyNot: Record<BulkAct, WhyNot | null>;
  retry: () => void;
  check: () => void;
  assign: (assigneeId: string | null) => void;
  hold: (reason: string) => void;
}

/** What can be done with a selection. Each begins with a preview: nothing is done by these themselves. */
export function useSelectionActs(question: PayoutsQuestion, selection: Selection<Pickable>): SelectionActs {
  const t = useText();
  const format = useFormat();
  const may = useMay();
  const bulk = useStartBulk();
  const { count } = sizeOf(selection);

  const whyNot = (act: BulkAct): WhyNot | null => {
    const missing = (['payout:bulk', NEEDS[act]] as const).find((permission) => !may(permission));
    if (missing) {
      const refusal = { code: 'permission_missing', params: { permission: missing } } as const;
      return { short: refusalReason(t, refusal), sentence: refusalText(t, refusal) };
    }
    // What was left out of the question would make "all that match" more than was meant.
    if (selection.kind === 'matching' && question.ignored.length > 0) {
      return { short: t('payouts.selection.ignored.short'), sentence: t('payouts.selection.ignored.sentence') };
    }
    if (count > MOST || (selection.kind === 'matching' && !selection.count.exact)) {
      return {
        short: t('payouts.selection.tooMany.short'),
        sentence: t('payouts.selection.tooMany.sentence', { limit: format.count(MOST) }),
      };
    }
    return null;
  };
  const asked = selection.kind === 'some' ? { ids: [...selection.rows.keys()] } : askedOf(question);
  const able = selection.kind !== 'none' && !bulk.busy;
  return {
    busy: bulk.busy,
    whyNot: { retry: whyNot('retry'), check: whyNot('check'), assign: whyNot('assign'), hold: whyNot('hold') },
    retry: () => able && void bulk.start('retry', asked),
    check: () => able && void bulk.start('check', asked),
    assign: (assigneeId) => able && void bulk.start('assign', asked, { assigneeId }),
    hold: (reason) => able && void bulk.start('hold', asked, { reason }),
  };
}
