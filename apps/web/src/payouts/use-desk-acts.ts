import { useAssign } from '../collab/use-desk-command.ts';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useOfferedActs } from '../lib/palette-acts.ts';
import { useSession } from '../lib/session.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useFormat } from '../lib/use-format.ts';
import { providerName } from './payout-look.ts';
import type { PayoutsQuestion } from './payouts-question.ts';
import { type Pickable, type Selection, sizeOf } from './selection.ts';
import { useCheckPayout } from './use-payout-command.ts';
import type { ShownPayout } from './use-payouts.ts';
import { type SelectionActs, useSelectionActs } from './use-selection-acts.ts';

interface DeskActsInput {
  question: PayoutsQuestion;
  selection: Selection<Pickable>;
  /** The row that keys act on: the one in the panel where one is open. */
  row: ShownPayout | undefined;
  /** The payout whose panel is open; its own keys act then. */
  openId: string | null;
  /** The payout that a retry would be about, at the press. */
  target: () => string | undefined;
  onRetry: (id: string) => void;
}

/**
 * The desk's keys and what it offers to the palette: on the selection where there is one, else on the active row. Retry
 * always opens a preview and never fires.
 */
export function useDeskActs({ question, selection, row, openId, target, onRetry }: DeskActsInput): SelectionActs {
  const t = useText();
  const format = useFormat();
  const me = useSession()?.person;
  const acts = useSelectionActs(question, selection);
  const many = selection.kind !== 'none';
  const alone = !many && openId === null && !question.grouped ? row : undefined;
  const provider = providerName(row?.provider ?? '');
  const check = useCheckPayout(row?.id ?? '', t('payouts.acts.checkDone', { provider }));
  const assign = useAssign(row?.id ?? '', me?.id);
  const mine = row?.assignee?.id === me?.id;
  const take = (): void => assign.run(mine || !me ? null : me, row?.assignee ?? null);

  const retryOne = (): void => {
    const id = target();
    if (id) onRetry(id);
  };
  // With a panel open the keys are about its payout, and the selection has its buttons.
  const keysOnMany = many && openId === null;
  const one = (openId !== null || row !== undefined) && !question.grouped;
  useShortcut(
    'r',
    'act',
    keysOnMany ? 'payouts.selection.shortcuts.retry' : 'payouts.retry.shortcut',
    keysOnMany ? (acts.whyNot.retry ? null : acts.retry) : one ? retryOne : null,
  );
  useShortcut('c', 'act', 'payouts.selection.shortcuts.check', keysOnMany && !acts.whyNot.check ? acts.check : null);
  useShortcut('c', 'act', 'payouts.acts.checkShortcut', alone && !alone.can.check ? check.run : null);
  useShortcut('a', 'act', 'payouts.selection.take', alone && !alone.can.assign ? take : null);

  const offer = () => {
    if (many) {
      const { whyNot: why } = acts;
      const { count } = sizeOf(selection);
      return {
        heading: t('payouts.selection.paletteTitle', { count }),
        acts: [
          { id: 'retry', label: t('payouts.selection.retry'), keys: 'r', whyNot: why.retry, run: acts.retry },
          { id: 'check', label: t('payouts.selection.check'), keys: 'c', whyNot: why.check, run: acts.check },
          {
            id: 'mine',
            label: t('payouts.selection.take'),
            whyNot: why.assign,
            run: () => acts.assign(me?.id ?? null),
          },
          { id: 'nobody', label: t('payouts.selection.giveBack'), whyNot: why.assign, run: () => acts.assign(null) },
        ],
      };
    }
    if (!row) return { heading: '', acts: [] };
    return {
      heading: `${t('payouts.selection.paletteRow')}: ${format.money(row)} · ${row.holder}`,
      acts: [
        {
          id: 'retry',
          label: t('payouts.retry.button'),
          keys: 'r',
          whyNot: whyNot(t, row.can.retry),
          run: () => onRetry(row.id),
        },
        {
          id: 'check',
          label: t('payouts.acts.check', { provider }),
          keys: 'c',
          whyNot: whyNot(t, row.can.check),
          run: check.run,
        },
        {
          id: 'assign',
          label: t(mine ? 'payouts.selection.giveBack' : 'payouts.selection.take'),
          keys: 'a',
          whyNot: whyNot(t, row.can.assign),
          run: take,
        },
      ],
    };
  };
  useOfferedActs(question.grouped ? null : offer);
  return acts;
}
