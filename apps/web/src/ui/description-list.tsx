import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';

interface DescriptionListProps {
  items: readonly { term: ReactNode; detail: ReactNode; key?: string }[];
  /** Wide pages have room for a broad column of terms. */
  wide?: boolean;
}

/** Terms and what they are, in two columns. */
export function DescriptionList({ items, wide = false }: DescriptionListProps) {
  return (
    <dl
      className={cx(
        'grid text-sm',
        wide
          ? 'grid-cols-[150px_minmax(0,1fr)] gap-x-3 gap-y-1.5'
          : 'grid-cols-[max-content_minmax(0,1fr)] gap-x-3 gap-y-0.5',
      )}
    >
      {items.map(({ term, detail, key }, at) => (
        <div key={key ?? (typeof term === 'string' ? term : at)} className="contents">
          <dt className="text-quiet">{term}</dt>
          <dd className="min-w-0 break-words">{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
