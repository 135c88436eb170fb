import { useMutation } from '@tanstack/react-query';
import { Fingerprint as FingerprintIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText, whyNot } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { useSession } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { Fingerprint } from './fingerprint.tsx';
import type { OverrideDetail } from './override-wire.ts';
import { effectText } from './override-words.ts';
import { refreshOverrides, sayAnswer } from './use-override-command.ts';

const RejectOverrideDialog = lazy(() =>
  import('./reject-override-dialog.tsx').then((file) => ({ default: file.RejectOverrideDialog })),
);
const WithdrawOverrideDialog = lazy(() =>
  import('./withdraw-override-dialog.tsx').then((file) => ({ default: file.WithdrawOverrideDialog })),
);
const ExecuteOverrideDialog = lazy(() =>
  import('./execute-override-dialog.tsx').then((file) => ({ default: file.ExecuteOverrideDialog })),
);

type Open = 'reject' | 'withdraw' | 'execute' | null;

/** Beside what is decided on: its fingerprint, and the buttons that decide. */
export function SignCard({ override }: { override: OverrideDetail }) {
  const t = useText();
  const { row } = override;
  const [open, setOpen] = useState<Open>(null);
  const closed = row.closedAt !== null;
  return (
    <section aria-labelledby="sign-title" className="rounded-lg border border-line bg-panel p-4">
      <h2 id="sign-title" className="flex items-center gap-2">
        <FingerprintIcon aria-hidden="true" size={17} />
        {t(titleOf(row))}
      </h2>
      <div className="mt-2">
        <Fingerprint hash={override.contentHash} />
      </div>
      <p className="mt-2 text-ink-2">{t('overrides.sign.explain')}</p>
      {!closed && (
        <div className="mt-4 flex flex-col gap-2">
          {row.status === 'approved' ? (
            <ReadyToExecute override={override} onExecute={() => setOpen('execute')} />
          ) : (
            <Approve override={override} />
          )}
          <Others override={override} onOpen={setOpen} />
        </div>
      )}
      {closed && (
        <div className="mt-3">
          <DownloadRequest override={override} />
        </div>
      )}
      <Suspense>
        {open === 'reject' && <RejectOverrideDialog override={override} onClose={() => setOpen(null)} />}
        {open === 'withdraw' && <WithdrawOverrideDialog override={override} onClose={() => setOpen(null)} />}
        {open === 'execute' && <ExecuteOverrideDialog override={override} onClose={() => setOpen(null)} />}
      </Suspense>
    </section>
  );
}

function titleOf(row: OverrideDetail['row']) {
  if (row.closedAt !== null) return 'overrides.sign.titleClosed';
  if (row.status === 'approved') return 'overrides.sign.titleApproved';
  return row.can.approve ? 'overrides.sign.titleOther' : 'overrides.sign.title';
}

/** The approval itself: it sends the fingerprint that the person has in front of them. */
function Approve({ override }: { override: OverrideDetail }) {
  const t = useText();
  const format = useFormat();
  const { row, contentHash } = override;
  // One key for this page: a double click, or a second try after a lost answer, is the same approval.
  const [idempotencyKey] = useState(mintCommandKey);
  const left = row.approvalsRequired - row.approvals;
  const approve = useMutation(
    trpc.overrides.approve.mutationOptions({
      onSuccess(answer) {
        const more = answer.approvalsRequired - answer.approvals;
        const say = text();
        sayAnswer(
          answer,
          more > 0 ? say('overrides.sign.approvedPart', { count: more }) : say('overrides.sign.approvedDone'),
        );
      },
      onSettled: refreshOverrides,
    }),
  );
  const press = useSinglePress(approve.mutate);
  const lost = approve.error !== null && readFailure(approve.error).kind === 'fault';
  const refused = lost ? null : whyNot(t, row.can.approve);
  const effect = effectText(t, row.kind, format.money(row));
  return (
    <>
      <Button
        tone="primary"
        size="lg"
        className="w-full"
        busy={approve.isPending}
        whyNot={refused}
        onClick={() =>
          press(
            lost && approve.variables
              ? approve.variables
              : { idempotencyKey, input: { overrideId: row.id, contentHash } },
          )
        }
      >
        {refused ? t('overrides.sign.approve') : t('overrides.sign.approveWith', { effect })}
      </Button>
      {refused && <p className="text-xs text-quiet">{refused.sentence}</p>}
      {left > 1 && !refused && <p className="text-xs text-quiet">{t('overrides.sign.left', { count: left })}</p>}
      <CommandFailure error={approve.error} />
    </>
  );
}

function ReadyToExecute({ override, onExecute }: { override: OverrideDetail; onExecute: () => void }) {
  const t = useText();
  const format = useFormat();
  const { row } = override;
  const refused = whyNot(t, row.can.execute);
  return (
    <>
      <p className="rounded-md bg-safe-soft px-3 py-2 text-safe">{t('overrides.sign.ready')}</p>
      {row.executionError && (
        <p className="rounded-md bg-med-soft px-3 py-2 text-med">
          {t('overrides.sign.lastFailed', { reason: refusalText(t, row.executionError) })}
        </p>
      )}
      <Button tone="primary" size="lg" className="w-full" whyNot={refused} onClick={onExecute}>
        {refused
          ? t('overrides.sign.execute')
          : t('overrides.sign.executeWith', { effect: effectText(t, row.kind, format.money(row)) })}
      </Button>
      {refused && <p className="text-xs text-quiet">{refused.sentence}</p>}
    </>
  );
}

function Others({ override, onOpen }: { override: OverrideDetail; onOpen: (open: Open) => void }) {
  const t = useText();
  const { row } = override;
  const mine = useSession()?.person.id === row.maker.id;
  return (
    <div className="flex flex-wrap gap-2">
      {mine ? (
        <Button whyNot={whyNot(t, row.can.withdraw)} onClick={() => onOpen('withdraw')}>
          {t('overrides.sign.withdraw')}
        </Button>
      ) : (
        <Button whyNot={whyNot(t, row.can.reject)} onClick={() => onOpen('reject')}>
          {t('overrides.sign.reject')}
        </Button>
      )}
      <DownloadRequest override={override} />
    </div>
  );
}

/** The canonical JSON itself: whoever hashes it with SHA-256 gets the fingerprint. */
function DownloadRequest({ override }: { override: OverrideDetail }) {
  const t = useText();
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([override.content], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${override.row.id}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button tone="ghost" onClick={download}>
      {t('overrides.sign.request')}
    </Button>
  );
}
