import { CircleCheck, CircleX, Files, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { refusalText } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { FaultTable } from './fault-table.tsx';
import { formatText } from './file-words.ts';
import type { UploadOutcome as Outcome } from './upload-file.ts';

interface UploadOutcomeProps {
  name: string;
  outcome: Outcome;
  onOpen: (fileId: string) => void;
  onAgain: () => void;
  onDismiss: () => void;
}

/** What became of the file that was sent. It stays until it is put away: a refusal has to be read. */
export function UploadOutcome({ name, outcome, onOpen, onAgain, onDismiss }: UploadOutcomeProps) {
  const t = useText();
  const format = useFormat();
  switch (outcome.kind) {
    case 'imported':
      return (
        <Card
          tone="safe"
          icon={<CircleCheck aria-hidden="true" size={15} />}
          title={t('settlement.result.imported', { name })}
          onDismiss={onDismiss}
        >
          <p>
            {t('settlement.result.importedDetail', {
              count: outcome.file.lineCount,
              format: formatText(t, outcome.file.format),
            })}
          </p>
          <p className="mt-2">
            <Button onClick={() => onOpen(outcome.file.fileId)}>{t('settlement.result.open')}</Button>
          </p>
        </Card>
      );
    case 'already_imported':
      return (
        <Card
          tone="neutral"
          icon={<Files aria-hidden="true" size={15} />}
          title={t('settlement.result.already', { name })}
          onDismiss={onDismiss}
        >
          <p>
            {t('settlement.result.alreadyDetail', {
              when: format.instant(outcome.file.importedAt),
              by: outcome.file.importedBy,
            })}
          </p>
          <p className="mt-2">
            <Button onClick={() => onOpen(outcome.file.fileId)}>{t('settlement.result.open')}</Button>
          </p>
        </Card>
      );
    case 'refused':
      return (
        <Card
          tone="high"
          icon={<CircleX aria-hidden="true" size={15} />}
          title={t('settlement.result.refused', { name })}
          onDismiss={onDismiss}
        >
          {outcome.faultCount === 0 ? (
            <p>{refusalText(t, outcome.refusal)}</p>
          ) : (
            <>
              <p className="mb-2">{t('settlement.result.refusedDetail', { count: outcome.faultCount })}</p>
              <FaultTable name={name} faults={outcome.faults} faultCount={outcome.faultCount} />
            </>
          )}
          <Reference reference={outcome.reference} />
        </Card>
      );
    case 'unknown':
      return (
        <Card
          tone="unsure"
          icon={<Mark shape="half-ring" tone="unsure" size={12} />}
          title={t('settlement.result.unknown', { name })}
          onDismiss={onDismiss}
        >
          <p>{t('settlement.result.unknownDetail')}</p>
          <p className="mt-2">
            <Button onClick={onAgain}>{t('settlement.result.again')}</Button>
          </p>
          <Reference reference={outcome.reference} />
        </Card>
      );
    case 'canceled':
      return (
        <Card
          tone="neutral"
          icon={<Mark shape="cross" tone="quiet" size={12} />}
          title={t('settlement.drop.canceled', { name })}
          onDismiss={onDismiss}
        />
      );
  }
}

const TONES = {
  safe: { box: 'border-safe-mark bg-safe-soft', title: 'text-safe' },
  high: { box: 'border-high-mark bg-high-soft', title: 'text-high' },
  unsure: { box: 'border-unsure-mark bg-unsure-soft', title: 'text-unsure' },
  neutral: { box: 'border-line-strong bg-sunken', title: 'text-ink' },
} as const;

interface CardProps {
  tone: keyof typeof TONES;
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  onDismiss: () => void;
}

function Card({ tone, icon, title, children, onDismiss }: CardProps) {
  const t = useText();
  const { box, title: ink } = TONES[tone];
  return (
    <div className={cx('rounded-md border py-2.5 pr-2 pl-3.5', box)}>
      <div className="flex items-start gap-2">
        <span className={cx('inline-flex h-7 items-center', ink)}>{icon}</span>
        <p className={cx('min-w-0 flex-1 py-1 font-semibold break-words', ink)}>{title}</p>
        <IconButton label={t('settlement.result.dismiss')} onClick={onDismiss}>
          <X aria-hidden="true" size={14} />
        </IconButton>
      </div>
      {children && <div className="pr-2 pl-[23px] text-ink-2">{children}</div>}
    </div>
  );
}

function Reference({ reference }: { reference: string | null }) {
  const t = useText();
  if (reference === null) return null;
  return (
    <p className="mt-2 flex items-center gap-1.5 text-xs">
      {t('settlement.result.reference')} <code>{reference}</code>
      <CopyButton value={reference} label={t('common.copy')} />
    </p>
  );
}
