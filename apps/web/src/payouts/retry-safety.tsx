import type { AskedAnswer } from '@countersign/api/src/payouts/attempt.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import { failureCodeText } from './failure-code.ts';
import { providerName } from './payout-look.ts';
import { RetryVerdict } from './retry-verdict.tsx';
import { nextNo, type RetryView, retryTitle, retryWhy, shownPlan } from './retry-words.ts';

/** Is a retry safe? The verdict, and the proof it rests on: the same that is decided again and stored when it is done. */
export function RetrySafety({ payout }: { payout: RetryView }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { verdict, proof } = payout.retry;
  const plan = shownPlan(payout.retry);
  const provider = providerName(payout.row.provider);
  const windowLength = format.duration(proof.replayWindowMs);
  const no = nextNo(payout.retry);
  // The proof was taken at `decidedAt`; the key has aged since.
  const age =
    proof.keyAgeMs === null ? null : proof.keyAgeMs + Math.max(0, now.getTime() - Date.parse(proof.decidedAt));
  const answer = proof.asked?.answer as AskedAnswer | null | undefined;
  const willNot = plan === null || plan === 'send' ? null : t(`payouts.retry.willNot.${plan}`, { provider });

  const items = [
    { term: t('payouts.retry.terms.why'), detail: retryWhy(t, payout, windowLength) },
    ...(proof.attempt && verdict !== 'blocked'
      ? [
          {
            term: t('payouts.retry.terms.key'),
            detail: (
              <>
                <IdText id={proof.attempt.providerKey} /> ·{' '}
                {age === null
                  ? t('payouts.retry.keyNeverSent')
                  : t('payouts.retry.keyAge', { age: format.duration(age), window: windowLength })}
              </>
            ),
          },
        ]
      : []),
    ...(payout.row.failureCode
      ? [{ term: t('payouts.retry.terms.code'), detail: failureCodeText(t, payout.row.failureCode) }]
      : []),
    ...(proof.asked && answer
      ? [
          {
            term: t('payouts.retry.terms.asked'),
            detail: t(`payouts.retry.asked.${answer.kind}`, { provider, when: format.relative(proof.asked.at, now) }),
          },
        ]
      : []),
    ...(plan ? [{ term: t('payouts.retry.terms.will'), detail: t(`payouts.retry.will.${plan}`, { no }) }] : []),
    ...(willNot ? [{ term: t('payouts.retry.terms.willNot'), detail: willNot }] : []),
  ];

  return (
    <RetryVerdict verdict={verdict} title={retryTitle(t, payout)}>
      <DescriptionList items={items} />
    </RetryVerdict>
  );
}
