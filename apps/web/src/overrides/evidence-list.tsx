import { FileText } from 'lucide-react';
import { useLanguage, useText } from '../lib/i18n.ts';
import { IdText } from '../ui/id-text.tsx';
import { formatFileSize } from '../uploads/file-size.ts';
import type { EvidenceFile } from './override-wire.ts';

/** The files that it rests on, each under its SHA-256; pressing a name downloads the file. */
export function EvidenceList({ files }: { files: readonly EvidenceFile[] }) {
  const t = useText();
  const language = useLanguage();
  if (files.length === 0) return <span className="text-quiet">{t('overrides.page.noEvidence')}</span>;
  return (
    <ul className="flex flex-col gap-1">
      {files.map((file) => (
        <li key={file.sha256} className="flex flex-wrap items-center gap-x-2">
          <FileText aria-hidden="true" size={13} className="shrink-0 text-quiet" />
          <a
            href={`/api/evidence/${file.sha256}`}
            download={file.filename}
            aria-label={t('overrides.page.download', { name: file.filename })}
            className="break-all underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {file.filename}
          </a>
          <span className="text-quiet">{formatFileSize(file.bytes, language)}</span>
          <span className="inline-flex items-center gap-1 text-quiet">
            sha256 <IdText id={file.sha256} copy />
          </span>
        </li>
      ))}
    </ul>
  );
}
