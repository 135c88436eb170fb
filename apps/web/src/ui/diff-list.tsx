import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';

export interface DiffItem {
  field: string;
  before: ReactNode;
  after: ReactNode;
  /** False writes the value once and says that it stays. */
  changed: boolean;
}

interface DiffListProps {
  items: readonly DiffItem[];
  caption: string;
}

/** What will change, or has: before struck out, after in bold. Words say it too, for ears and for print. */
export function DiffList({ items, caption }: DiffListProps) {
  const t = useText();
  return (
    <div className="overflow-x-auto rounded-md border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('common.diff.field')}</th>
            <th scope="col">{t('common.diff.before')}</th>
            <th scope="col">{t('common.diff.after')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ field, before, after, changed }) => (
            <tr key={field} className="h-8 border-b border-line last:border-b-0">
              <th scope="row" className="w-2/5 px-2.5 font-normal text-ink-2">
                {field}
              </th>
              <td className="w-1/4 px-2.5 tabular-nums">
                {changed ? <s className="text-quiet">{before ?? t('common.diff.empty')}</s> : before}
              </td>
              <td className="px-2.5 tabular-nums">
                {changed ? (
                  <strong className="font-semibold">{after ?? t('common.diff.empty')}</strong>
                ) : (
                  <span className="text-quiet">{t('common.diff.unchanged')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
