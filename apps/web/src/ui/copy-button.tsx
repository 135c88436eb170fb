import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { IconButton } from './button.tsx';

interface CopyButtonProps {
  /** What is copied, whole, however short it is shown. */
  value: string;
  label?: string;
  tabIndex?: number;
}

const SAYS_SO_MS = 1_600;

/** Copies a value and says that it did. Where the clipboard is refused it selects nothing and says nothing false. */
export function CopyButton({ value, label, tabIndex }: CopyButtonProps) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAYS_SO_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton
        label={copied ? t('common.copied') : (label ?? t('common.copyId', { id: value }))}
        tabIndex={tabIndex}
        className="size-6! text-quiet!"
        onClick={(event) => {
          event.stopPropagation();
          void writeClipboard(value).then(setCopied);
        }}
      >
        {copied ? <Check aria-hidden="true" size={13} className="text-safe" /> : <Copy aria-hidden="true" size={13} />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? t('common.copied') : ''}
      </span>
    </>
  );
}

async function writeClipboard(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
