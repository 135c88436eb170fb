import { FileText, Upload, X } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { IconButton } from './button.tsx';

interface DropZoneProps {
  label: string;
  /** Extensions with their dot: `.csv`. Empty accepts any. */
  accept: readonly string[];
  maxMegabytes: number;
  file: File | null;
  onFile: (file: File | null) => void;
  hint?: string;
  error?: string | undefined;
  /** Why nothing may be given: the zone stays in its place, disabled, and says so. */
  whyNot?: string | null;
}

/** Takes one file, dropped or chosen. Only its name and size are judged here; the server reads what is inside. */
export function DropZone({ label, accept, maxMegabytes, file, onFile, hint, error, whyNot = null }: DropZoneProps) {
  const t = useText();
  const id = useId();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();

  const take = (chosen: File | undefined): void => {
    if (!chosen) return;
    const name = chosen.name.toLowerCase();
    if (accept.length > 0 && !accept.some((extension) => name.endsWith(extension))) {
      setRefused(t('common.drop.wrongKind', { name: chosen.name, kinds: accept.join(', ') }));
      return;
    }
    if (chosen.size > maxMegabytes * 1_048_576) {
      setRefused(t('common.drop.tooLarge', { name: chosen.name, limit: maxMegabytes }));
      return;
    }
    setRefused(undefined);
    onFile(chosen);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (whyNot === null) take(event.dataTransfer.files[0]);
  };
  const problem = refused ?? error;

  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; the input inside is everyone's */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(whyNot === null);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cx(
          'relative flex min-h-[72px] items-center gap-3 rounded-md border border-dashed px-4 py-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-focus',
          over ? 'border-focus bg-selection' : 'border-line-strong bg-paper',
        )}
      >
        {file ? (
          <>
            <FileText aria-hidden="true" size={18} className="shrink-0 text-quiet" />
            <span className="min-w-0 flex-1 truncate font-medium">{file.name}</span>
            <IconButton
              label={t('common.drop.remove', { name: file.name })}
              className="relative z-10"
              onClick={() => onFile(null)}
            >
              <X aria-hidden="true" size={14} />
            </IconButton>
          </>
        ) : (
          <>
            <Upload aria-hidden="true" size={18} className="shrink-0 text-quiet" />
            <span>
              {whyNot !== null ? (
                <span className="text-quiet">{t('common.disabledBecause', { reason: whyNot })}</span>
              ) : over ? (
                t('common.drop.release')
              ) : (
                <>
                  <span className="font-medium underline underline-offset-2">{t('common.drop.choose')}</span>{' '}
                  <span className="text-quiet">{t('common.drop.orDrop')}</span>
                </>
              )}
            </span>
          </>
        )}
        <input
          id={id}
          type="file"
          disabled={whyNot !== null}
          accept={accept.join(',')}
          aria-describedby={problem ? `${id}-error` : undefined}
          aria-invalid={problem ? true : undefined}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            take(event.target.files?.[0]);
            // Choosing the same file once more is a choice too.
            event.target.value = '';
          }}
        />
      </div>
      {hint && <p className="text-xs text-quiet">{hint}</p>}
      {problem && (
        <p id={`${id}-error`} role="alert" className="text-xs text-high">
          {problem}
        </p>
      )}
    </div>
  );
}
