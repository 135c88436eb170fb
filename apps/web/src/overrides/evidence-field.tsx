import { FileText, X } from 'lucide-react';
import { refusalText } from '../lib/failure.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { DropZone } from '../ui/drop-zone.tsx';
import { IdText } from '../ui/id-text.tsx';
import { formatFileSize } from '../uploads/file-size.ts';
import { EVIDENCE_FILES, EVIDENCE_MEGABYTES, type EvidenceItem, type useEvidence } from './use-evidence.ts';

const ACCEPT = ['.pdf', '.png', '.jpg', '.jpeg', '.csv', '.txt', '.xml', '.eml'];

interface EvidenceFieldProps {
  evidence: ReturnType<typeof useEvidence>;
  required: boolean;
  error?: string | undefined;
}

/** Takes files as evidence, one after the other, and shows each with its size, its hash, or what went wrong. */
export function EvidenceField({ evidence, required, error }: EvidenceFieldProps) {
  const t = useText();
  const hint = t('overrides.request.evidenceHint', { limit: EVIDENCE_FILES });
  const full = evidence.items.length >= EVIDENCE_FILES;
  return (
    <div className="flex flex-col gap-2">
      <DropZone
        label={t('overrides.request.evidence')}
        hint={required ? `${t('overrides.request.evidenceRequired')} ${hint}` : hint}
        accept={ACCEPT}
        maxMegabytes={EVIDENCE_MEGABYTES}
        file={null}
        onFile={(file) => file && evidence.add(file)}
        whyNot={full ? t('overrides.request.tooMany', { limit: EVIDENCE_FILES }) : null}
        error={error}
      />
      {evidence.items.length > 0 && (
        <ul className="rounded-md border border-line">
          {evidence.items.map((item) => (
            <li key={item.id} className="border-b border-line last:border-b-0">
              <Item item={item} onAgain={() => evidence.again(item)} onRemove={() => evidence.remove(item.id)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ItemProps {
  item: EvidenceItem;
  onAgain: () => void;
  onRemove: () => void;
}

function Item({ item: { file, state }, onAgain, onRemove }: ItemProps) {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  return (
    <div className="flex min-h-9 items-center gap-2.5 py-1 pr-1 pl-2.5">
      <FileText aria-hidden="true" size={14} className="shrink-0 text-quiet" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="break-all">{file.name}</span>
          <span className="text-xs text-quiet">{formatFileSize(file.size, language)}</span>
          <span role="status" className="text-xs text-quiet">
            {state.at === 'sending' && t('overrides.request.uploading', { share: format.share(state.share) })}
            {state.at === 'kept' && (
              <>
                {t('overrides.request.uploaded')} · sha256 <IdText id={state.sha256} />
              </>
            )}
          </span>
        </p>
        {state.at === 'refused' && (
          <p role="alert" className="text-xs text-high">
            {refusalText(t, state.refusal)}
          </p>
        )}
        {state.at === 'lost' && (
          <p role="alert" className="text-xs text-unsure">
            {t('overrides.request.uploadLost')}
          </p>
        )}
      </div>
      {state.at === 'lost' && <Button onClick={onAgain}>{t('overrides.request.tryAgain')}</Button>}
      <IconButton label={t('overrides.request.remove', { name: file.name })} onClick={onRemove}>
        <X aria-hidden="true" size={14} />
      </IconButton>
    </div>
  );
}
