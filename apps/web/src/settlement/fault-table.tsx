import type { Fault } from '@countersign/api/src/settlement/settlement-fault.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { faultText } from './fault-words.ts';

interface FaultTableProps {
  name: string;
  faults: readonly Fault[];
  /** Of all there are; only the first are listed. */
  faultCount: number;
}

/** Every bad line by its number, as an editor counts it. */
export function FaultTable({ name, faults, faultCount }: FaultTableProps) {
  const t = useText();
  const format = useFormat();
  const hidden = faultCount - faults.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div tabIndex={0} className="max-h-52 overflow-y-auto rounded-md border border-line bg-panel">
        <table className="w-full text-left text-sm text-ink">
          <caption className="sr-only">{t('settlement.faultTable.caption', { name })}</caption>
          <thead className="sticky top-0 bg-panel text-2xs text-quiet">
            <tr className="h-[26px]">
              <th scope="col" className="w-20 px-2.5 text-right font-normal">
                {t('settlement.faultTable.line')}
              </th>
              <th scope="col" className="px-2.5 font-normal">
                {t('settlement.faultTable.fault')}
              </th>
            </tr>
          </thead>
          <tbody>
            {faults.map((fault, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the answer is read as it came and never changes
              <tr key={at} className="border-t border-line align-top">
                <td className="px-2.5 py-1 text-right tabular-nums">
                  {fault.line === null ? (
                    <span className="text-quiet">{t('settlement.faultTable.file')}</span>
                  ) : (
                    format.count(fault.line)
                  )}
                </td>
                <td className="px-2.5 py-1 break-words">{faultText(t, fault)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p className="mt-1 text-xs">{t('settlement.faultTable.more', { count: hidden })}</p>}
    </>
  );
}
