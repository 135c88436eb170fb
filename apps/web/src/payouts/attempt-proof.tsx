import type { AskedAnswer } from '@countersign/api/src/payouts/attempt.ts';
import type { RetryCode, RetryPlan, RetryProof } from '@countersign/api/src/payouts/retry-safety.ts';
import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import { providerName } from './payout-look.ts';
import type { AttemptRow, PayoutDetail } from './payout-wire.ts';
import { retryWhy } from './retry-words.ts';

/** The evidence as it was stored with the attempt: the facts of the decision, with what was decided. */
type StoredProof = RetryProof & { code: RetryCode; plan: RetryPlan | null };

/** A proof of the form that this page knows; null for any other, which is then shown as it is. */
function readProof(proof: unknown): StoredProof | null {
  const known = proof as Partial<StoredProof> | null;
  return typeof known?.decidedAt === 'string' && typeof known.replayWindowMs === 'number'
    ? (known as StoredProof)
    : null;
}

/** Why this attempt was made, or sent again: what was asked, what came, how old the key was, what was done. */
export function AttemptProof({ payout, attempt }: { payout: PayoutDetail; attempt: AttemptRow }) {
  const t = useText();
  const stored = attempt.proof as { code?: string; overrideId?: string } | null;
  const proof = readProof(stored);
  const words = proof ? (
    <Decided payout={payout} attempt={attempt} proof={proof} />
  ) : stored?.code === 'override' ? (
    <p>
      {t('collab.proof.forced')}{' '}
      {stored.overrideId && (
        <Link {...paths.override(stored.overrideId)} className="underline decoration-line-strong underline-offset-2">
          <IdText id={stored.overrideId} />
        </Link>
      )}
    </p>
  ) : (
    <p className="text-quiet">{t('collab.proof.none')}</p>
  );
  return (
    <div className="mt-2 border-l-2 border-line pl-3">
      <p className="text-2xs font-medium text-quiet">{t('collab.proof.title')}</p>
      {words}
      {stored !== null && (proof !== null || stored.code === 'override') && (
        <details className="mt-1">
          <summary className="inline-block min-h-6 rounded-xs text-xs text-ink-2 hover:text-ink">
            {t('collab.proof.raw')}
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto rounded-md bg-sunken p-2.5 whitespace-pre-wrap">
            {JSON.stringify(stored, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}

interface DecidedProps {
  payout: PayoutDetail;
  attempt: AttemptRow;
  proof: StoredProof;
}

function Decided({ payout, attempt, proof }: DecidedProps) {
  const t = useText();
  const format = useFormat();
  const provider = providerName(payout.row.provider);
  const window = format.duration(proof.replayWindowMs);
  const when = format.instant(proof.decidedAt);
  const { code, plan } = proof;
  const view = { row: payout.row, retry: { ...payout.retry, code, plan, proof } };
  const answer = (proof.asked?.answer as AskedAnswer | null | undefined)?.kind;
  const items = [
    {
      term: t('collab.proof.on'),
      detail: attempt.automatic
        ? t('collab.proof.byItself', { when })
        : t('collab.proof.by', { name: attempt.requestedBy, when }),
    },
    { term: t('collab.proof.why'), detail: retryWhy(t, view, window) },
    ...(proof.attempt
      ? [
          {
            term: t('collab.proof.key'),
            detail: (
              <>
                <IdText id={proof.attempt.providerKey} /> ·{' '}
                {proof.keyAgeMs === null
                  ? t('collab.proof.keyFresh')
                  : t('collab.proof.keyAge', { age: format.duration(proof.keyAgeMs), provider, window })}
              </>
            ),
          },
          {
            term: t('collab.proof.asked'),
            detail:
              proof.asked && answer
                ? t(`payouts.retry.asked.${answer}`, { provider, when: format.instant(proof.asked.at) })
                : t('collab.proof.notAsked', { provider }),
          },
        ]
      : []),
    ...(plan ? [{ term: t('collab.proof.plan'), detail: t(`collab.proof.plans.${plan}`, { provider }) }] : []),
  ];
  return <DescriptionList items={items} />;
}
