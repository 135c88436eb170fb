import type { OverrideKind } from '@countersign/api/src/overrides/override.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DiffList } from '../ui/diff-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { EvidenceField } from './evidence-field.tsx';
import { KindChoice } from './kind-choice.tsx';
import type { Requestable, RequestableKind } from './override-wire.ts';
import { effectText, policyText } from './override-words.ts';
import { useEvidence } from './use-evidence.ts';
import { refreshOverrides } from './use-override-command.ts';
import { usePreviewItems } from './use-preview-items.ts';

interface RequestOverrideDialogProps {
  payoutId: string;
  /** Chosen beforehand, where the way here already says which. */
  kind?: OverrideKind;
  onClose: () => void;
}

/** Asks for an override of a payout: what, why, on what evidence; and shows what it would change before anybody is asked. */
export function RequestOverrideDialog({ payoutId, kind, onClose }: RequestOverrideDialogProps) {
  const t = useText();
  // Asked anew each time it opens: what may be asked for is judged on the payout as it is now.
  const requestable = useQuery({ ...trpc.overrides.requestable.queryOptions({ payoutId }), staleTime: 0 });
  const payout = useQuery(trpc.payouts.detail.queryOptions({ id: payoutId })).data;
  if (requestable.data && payout) {
    return <Form requestable={requestable.data} payout={payout.row} kind={kind} onClose={onClose} />;
  }
  return (
    <Dialog open onClose={onClose} width="lg" title={t('overrides.request.titlePlain')}>
      {requestable.isError ? (
        <ErrorState error={requestable.error} onRetry={() => void requestable.refetch()} />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
          <Bar className="w-56" />
          <Bar className="h-24! w-full" />
          <Bar className="h-16! w-full" />
        </div>
      )}
    </Dialog>
  );
}

interface FormProps {
  requestable: Requestable;
  payout: { holder: string; amountMinor: string; currency: string };
  kind: OverrideKind | undefined;
  onClose: () => void;
}

function Form({ requestable, payout, kind, onClose }: FormProps) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const [idempotencyKey] = useState(mintCommandKey);
  const [wanted, setWanted] = useState<OverrideKind | null>(kind ?? null);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const evidence = useEvidence();
  const money = format.money(payout);

  const possible = requestable.kinds.filter((one) => one.refusal === null);
  // With one way open there is nothing to choose.
  const chosen = possible.find((one) => one.kind === wanted) ?? (possible.length === 1 ? possible[0] : undefined);
  const effect = chosen ? effectText(t, chosen.kind, money) : null;

  const request = useMutation(
    trpc.overrides.request.mutationOptions({
      onSuccess({ overrideId }) {
        const say = text();
        toast({
          tone: 'done',
          title: say('overrides.request.done', { effect: effect ?? '' }),
          action: { label: say('overrides.request.open'), run: () => void navigate(paths.override(overrideId)) },
        });
        onClose();
      },
      onSettled: refreshOverrides,
    }),
  );
  const press = useSinglePress(request.mutate);
  const failure = request.error ? readFailure(request.error) : null;
  const refusedBy = failure?.kind === 'refusal' ? failure.refusal : null;
  // What belongs to a field is said at the field.
  const reasonError =
    asked && reason.trim() === ''
      ? t('refusals.reason_too_short')
      : refusedBy?.code === 'reason_too_short'
        ? refusalText(t, refusedBy)
        : undefined;
  const evidenceMissing = asked && chosen?.policy.evidenceRequired === true && evidence.hashes.length === 0;

  const form = useRef<HTMLDivElement>(null);
  const [looked, setLooked] = useState(0);
  // What stands in the way may be scrolled away: the first field at fault is where the person is taken.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a press looks, and so does the server's refusal that follows
  useEffect(() => {
    const fault = looked > 0 ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    fault?.focus({ preventScroll: true });
    fault?.scrollIntoView({ block: 'center' });
  }, [looked, refusedBy?.code]);

  const submit = (): void => {
    setAsked(true);
    setLooked((times) => times + 1);
    if (!chosen || reason.trim() === '') return;
    if (chosen.policy.evidenceRequired && evidence.hashes.length === 0) return;
    const lost = failure?.kind === 'fault' && request.variables;
    press(
      lost || {
        idempotencyKey,
        input: {
          payoutId: requestable.payoutId,
          version: requestable.version,
          kind: chosen.kind,
          reason: reason.trim(),
          evidence: evidence.hashes,
        },
      },
    );
  };

  const blocked = !chosen
    ? possible.length === 0
      ? t('overrides.request.none')
      : t('overrides.request.choose')
    : evidence.running
      ? t('overrides.request.uploadsRunning')
      : null;

  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      dismissible={!request.isPending}
      title={t('overrides.request.title', { money, holder: payout.holder })}
      description={t('overrides.request.lead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="primary"
            busy={request.isPending}
            whyNot={blocked === null ? null : { short: blocked, sentence: blocked }}
            onClick={submit}
          >
            {effect && blocked === null
              ? t('overrides.request.confirm', { effect })
              : t('overrides.request.titlePlain')}
          </Button>
        </>
      }
    >
      <div ref={form} className="flex flex-col gap-4">
        <KindChoice kinds={requestable.kinds} chosen={chosen?.kind ?? null} onChoose={setWanted} />
        {requestable.kinds.some((one) => one.refusal?.code === 'override_open') && (
          <Waiting payoutId={requestable.payoutId} onClose={onClose} />
        )}
        {chosen && <Demand chosen={chosen} currency={payout.currency} />}
        <Field label={t('overrides.request.why')} hint={t('overrides.request.whyHint')} error={reasonError}>
          {(control) => (
            <Textarea
              {...control}
              maxLength={2_000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <EvidenceField
          evidence={evidence}
          required={chosen?.policy.evidenceRequired ?? false}
          error={evidenceMissing ? t('refusals.evidence_required') : undefined}
        />
      </div>
      <CommandFailure error={refusedBy?.code === 'reason_too_short' ? null : request.error} />
    </Dialog>
  );
}

/** The override that stands in the way, to be decided first. */
function Waiting({ payoutId, onClose }: { payoutId: string; onClose: () => void }) {
  const t = useText();
  const all = useQuery(trpc.overrides.ofPayout.queryOptions({ payoutId })).data;
  const waiting = all?.find((one) => one.closedAt === null);
  if (!waiting) return null;
  return (
    <p className="rounded-md bg-sunken px-3 py-2">
      {t('refusals.override_open')}{' '}
      <Link
        {...paths.override(waiting.id)}
        onClick={onClose}
        className="font-medium underline decoration-line-strong underline-offset-2 hover:decoration-current"
      >
        {t(`overrides.kinds.${waiting.kind}`)} · {waiting.maker.name}
      </Link>
    </p>
  );
}

function Demand({ chosen, currency }: { chosen: RequestableKind; currency: string }) {
  const t = useText();
  const format = useFormat();
  const items = usePreviewItems(chosen.preview ?? []);
  const { policy } = chosen;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-ink-2">
        <span className="text-quiet">{t('overrides.policy.version', { version: policy.policyVersion })}: </span>
        {policyText(t, { seats: policy.seats, band: policy.band, currency }, format.money)}{' '}
        {policy.evidenceRequired && `${t('overrides.policy.evidence')} `}
        {t('overrides.policy.expiry', { length: format.duration(policy.expiresInMs) })}
      </p>
      {items.length > 0 && <DiffList caption={t('overrides.request.effect')} items={items} />}
    </div>
  );
}
