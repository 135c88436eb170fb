import { cx } from '../lib/class-names.ts';
import { shortenId } from '../lib/format.ts';
import { CopyButton } from './copy-button.tsx';

interface IdTextProps {
  id: string;
  /** Shown whole, where there is room. */
  whole?: boolean;
  /** With a button that copies it. */
  copy?: boolean;
  className?: string;
}

/** An id in mono, shortened in the middle; selecting or copying it gives the whole id. */
export function IdText({ id, whole = false, copy = false, className }: IdTextProps) {
  const shown = whole ? id : shortenId(id);
  return (
    <span className="inline-flex items-center gap-1">
      <code
        translate="no"
        title={shown === id ? undefined : id}
        className={cx('whitespace-nowrap', className)}
        onCopy={(event) => {
          const selected = document.getSelection()?.toString() ?? '';
          if (shown === id || selected.trim() !== shown) return;
          event.clipboardData.setData('text/plain', id);
          event.preventDefault();
        }}
      >
        {shown}
      </code>
      {copy && <CopyButton value={id} />}
    </span>
  );
}
