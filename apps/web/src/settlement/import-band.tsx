import type { Refusal } from '@countersign/api/src/core/refusal.ts';
import { cx } from '../lib/class-names.ts';
import { refusalText } from '../lib/failure.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { DropZone } from '../ui/drop-zone.tsx';
import { formatFileSize } from '../uploads/file-size.ts';
import { UploadOutcome } from './upload-outcome.tsx';
import { type Upload, useUpload } from './use-upload.ts';

/** The api's own limit (`FILE_LIMITS.bytes`). */
const MAX_MEGABYTES = 1_024;

interface ImportBandProps {
  /** Why the person may not import; undefined while that is not known. */
  refusal: Refusal | null | undefined;
  onOpen: (fileId: string) => void;
}

/** Where files come in: drop one, see it go, read what became of it. */
export function ImportBand({ refusal, onOpen }: ImportBandProps) {
  const t = useText();
  const { upload, start, again, cancel, dismiss } = useUpload(onOpen);
  return (
    <div className="grid shrink-0 grid-cols-2 items-start gap-x-6 gap-y-3 border-b border-line px-4 py-3 max-xl:grid-cols-1">
      {upload.state === 'sending' ? (
        <Sending upload={upload} onCancel={cancel} />
      ) : (
        <DropZone
          label={t('settlement.drop.label')}
          hint={t('settlement.drop.hint')}
          accept={[]}
          maxMegabytes={MAX_MEGABYTES}
          file={null}
          onFile={(file) => file && start(file)}
          whyNot={refusal ? refusalText(t, refusal) : null}
        />
      )}
      <div role="status" aria-label={t('settlement.result.label')}>
        {upload.state === 'ended' && (
          <UploadOutcome
            name={upload.file.name}
            outcome={upload.outcome}
            onOpen={onOpen}
            onAgain={again}
            onDismiss={dismiss}
          />
        )}
      </div>
    </div>
  );
}

interface SendingProps {
  upload: Extract<Upload, { state: 'sending' }>;
  onCancel: () => void;
}

function Sending({ upload: { file, sent }, onCancel }: SendingProps) {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  const share = file.size === 0 ? 1 : Math.min(1, sent / file.size);
  const reading = share === 1;
  const label = t(reading ? 'settlement.drop.reading' : 'settlement.drop.sending', { name: file.name });
  return (
    <div className="flex flex-col gap-2 py-1">
      <div className="flex min-h-[30px] items-center gap-3">
        <p className="min-w-0 flex-1 font-medium break-words">{label}</p>
        {/* Once all of it is there, stopping would not say whether it was imported. */}
        {!reading && <Button onClick={onCancel}>{t('settlement.drop.cancel')}</Button>}
      </div>
      <progress
        aria-label={label}
        max={1}
        value={share}
        className={cx(
          reading && 'breathing',
          'h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line accent-ink [&::-moz-progress-bar]:bg-ink [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-ink',
        )}
      />
      <p className="text-xs text-quiet">
        {t('settlement.drop.progress', { share: format.share(share), size: formatFileSize(file.size, language) })}
      </p>
    </div>
  );
}
