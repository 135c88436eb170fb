import { ArrowLeft, ArrowRight } from 'lucide-react';
import type { ReactElement } from 'react';
import { useText } from '../lib/i18n.ts';
import { useSetting } from '../lib/setting.ts';
import { densitySetting } from '../lib/theme.ts';
import { Checkbox } from '../ui/field.tsx';
import { Popover, type PopoverTriggerProps } from '../ui/popover.tsx';
import { COLUMNS, type ColumnId, FIXED, moveColumn, readColumns, toggleColumn, writeColumns } from './column-choice.ts';

interface DisplayMenuProps {
  trigger: ReactElement<PopoverTriggerProps>;
  /** The columns as the address names them. */
  columns: string | undefined;
  onColumns: (columns: string) => void;
}

/** Which columns are shown and in which order, and how high a row is. The columns are in the address, the height is yours. */
export function DisplayMenu({ trigger, columns, onColumns }: DisplayMenuProps) {
  const t = useText();
  const density = useSetting(densitySetting);
  const chosen = readColumns(columns);
  const change = (next: ColumnId[]): void => onColumns(writeColumns(next));
  const others = COLUMNS.filter((id) => !chosen.includes(id));
  return (
    <Popover label={t('payouts.desk.displayTitle')} trigger={trigger} align="end" defaultOpen>
      {() => (
        <div className="w-64">
          <fieldset className="px-2 pt-1 pb-1.5">
            <legend className="float-left text-2xs font-medium text-quiet">{t('payouts.desk.density')}</legend>
            <div className="clear-both flex gap-3">
              {densitySetting.values.map((value) => (
                <label key={value} className="inline-flex min-h-6 items-center gap-1.5">
                  <input
                    type="radio"
                    name="density"
                    checked={density === value}
                    onChange={() => densitySetting.set(value)}
                    className="accent-(--ink)"
                  />
                  {t(`shell.person.${value}`)}
                </label>
              ))}
            </div>
          </fieldset>
          <hr className="my-1 border-line" />
          <div className="flex items-baseline justify-between px-2 pt-1">
            <span className="text-2xs font-medium text-quiet">{t('payouts.desk.columnsTitle')}</span>
            {columns && (
              <button type="button" onClick={() => onColumns('')} className="h-6 text-xs text-ink-2 hover:text-ink">
                {t('payouts.desk.usualColumns')}
              </button>
            )}
          </div>
          <ul>
            {[...chosen, ...others].map((id) => {
              const header = t(`payouts.columns.${id}`);
              const at = chosen.indexOf(id);
              return (
                <li key={id} className="flex h-[30px] items-center rounded-sm px-2 hover:bg-sunken">
                  <Checkbox
                    label={header}
                    checked={at >= 0}
                    disabled={FIXED.has(id)}
                    onChange={() => change(toggleColumn(chosen, id))}
                    className="min-w-0 flex-1"
                  />
                  {at > 0 && (
                    <MoveButton
                      label={t('payouts.desk.moveLeft', { column: header })}
                      icon={ArrowLeft}
                      onPress={() => change(moveColumn(chosen, id, -1))}
                    />
                  )}
                  {at >= 0 && at < chosen.length - 1 && (
                    <MoveButton
                      label={t('payouts.desk.moveRight', { column: header })}
                      icon={ArrowRight}
                      onPress={() => change(moveColumn(chosen, id, 1))}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </Popover>
  );
}

interface MoveButtonProps {
  label: string;
  icon: typeof ArrowLeft;
  onPress: () => void;
}

function MoveButton({ label, icon: Icon, onPress }: MoveButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="inline-flex size-6 items-center justify-center rounded-sm text-quiet hover:text-ink"
    >
      <Icon aria-hidden="true" size={12} />
    </button>
  );
}
