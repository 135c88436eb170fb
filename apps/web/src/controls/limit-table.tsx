import type { PayoutStatus, Rail } from '@countersign/api/src/payouts/payout.ts';
import type { StuckRule, StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { STATUS_LOOK } from '../payouts/payout-look.ts';
import { Mark } from '../ui/status-mark.tsx';
import { limitText } from './limit-words.ts';
import { LIMITED_STATUSES, RAILS } from './stuck-draft.ts';

export interface Cell {
  status: PayoutStatus;
  rail: Rail;
}

interface LimitTableProps {
  rules: StuckRules;
  /** The rules in force: what differs is marked, with what it was. */
  inForce: StuckRules;
  /** Whether a cell has a fault. */
  isFaulty: (cell: Cell) => boolean;
  /** Opens a cell's fields; null for those who may only look. */
  onEdit: ((cell: Cell) => void) | null;
}

/** How long a payout may stay: a row a status, a column a rail; in each cell late above stuck. */
export function LimitTable({ rules, inForce, isFaulty, onEdit }: LimitTableProps) {
  const t = useText();
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{t('controls.policy.limitsLead')}</caption>
        <thead>
          <tr className="h-9 border-b border-line text-xs text-quiet">
            <th scope="col" className="px-3 font-medium">
              {t('controls.policy.status')}
            </th>
            {RAILS.map((rail) => (
              <th key={rail} scope="col" className="px-2.5 font-medium first-letter:uppercase">
                {t(`payouts.rails.${rail}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LIMITED_STATUSES.map((status) => (
            <tr key={status} className="border-b border-line last:border-b-0">
              <th scope="row" className="px-3 font-normal whitespace-nowrap">
                <span className="flex items-center gap-2">
                  <Mark {...STATUS_LOOK[status]} />
                  <span className="first-letter:uppercase">{t(`payouts.status.${status}`)}</span>
                </span>
              </th>
              {RAILS.map((rail) => (
                <td key={rail} className="p-0.5">
                  <LimitCell
                    cell={{ status, rail }}
                    rule={rules.limits[rail][status] ?? null}
                    before={inForce.limits[rail][status] ?? null}
                    faulty={isFaulty({ status, rail })}
                    onEdit={onEdit}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LimitCellProps {
  cell: Cell;
  rule: StuckRule | null;
  before: StuckRule | null;
  faulty: boolean;
  onEdit: ((cell: Cell) => void) | null;
}

function LimitCell({ cell, rule, before, faulty, onEdit }: LimitCellProps) {
  const t = useText();
  const say = (of: StuckRule | null, which: keyof StuckRule) =>
    of ? limitText(t, of[which]) : t('controls.policy.noLimit');
  const [late, stuck] = [say(rule, 'expected'), say(rule, 'stuck')];
  const was = { late: say(before, 'expected'), stuck: say(before, 'stuck') };
  const changed = was.late !== late || was.stuck !== stuck;
  const words = (
    <>
      <span className="block text-quiet">
        <span className="sr-only">{t('controls.policy.lateAfter')}: </span>
        {late}
      </span>
      <span className="block font-medium">
        <span className="sr-only">{t('controls.policy.stuckAfter')}: </span>
        {stuck}
      </span>
      {changed && <span className="sr-only">{t('controls.policy.cellChanged', was)}</span>}
    </>
  );
  const box = cx(
    'block w-full rounded-md border px-2 py-1 text-left text-xs whitespace-nowrap',
    faulty ? 'border-high-mark bg-high-soft' : changed ? 'border-ink bg-selection' : 'border-transparent',
  );
  if (!onEdit) return <div className={box}>{words}</div>;
  return (
    <button
      type="button"
      title={changed ? t('controls.policy.cellChanged', was) : undefined}
      onClick={() => onEdit(cell)}
      className={cx(box, 'hover:border-line-strong')}
    >
      <span className="sr-only">
        {t('controls.policy.cell', {
          status: t(`payouts.status.${cell.status}`),
          rail: t(`payouts.rails.${cell.rail}`),
        })}
      </span>
      {words}
    </button>
  );
}
