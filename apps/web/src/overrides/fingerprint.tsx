import { useText } from '../lib/i18n.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { groupHash } from './override-words.ts';

/** A fingerprint, whole and in groups of four, as two people compare it; copying gives it without the gaps. */
export function Fingerprint({ hash }: { hash: string }) {
  const t = useText();
  return (
    <p className="flex items-start gap-1">
      <span className="sr-only">{t('overrides.sign.fingerprint')}: </span>
      <code translate="no" className="grid flex-1 grid-cols-8 text-2xs! text-ink">
        {groupHash(hash).map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups repeat, and never move
          <span key={at}>{group}</span>
        ))}
      </code>
      <CopyButton value={hash} label={t('overrides.sign.copy')} />
    </p>
  );
}
