import type { AskedAnswer, AttemptStatus } from '@countersign/api/src/payouts/attempt.ts';

import { Check, CircleQuestionMark, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { IdText } from '../ui/id-text.tsx';
import { failureCodeText } from './failure-code.ts';
import type { PayoutDetail } from './payout-wire.ts';
import { lostText } from './timeline-words.ts';

type Proof = PayoutDetail['retry']['proof'];

/** Whether a fact speaks for a retry, against it, or leaves it open. Said by shape, and in words for those who listen. */
type Says = 'for' | 'open' | 'against';

const LOOK: Record<Says, { icon: typeof Check; className: string }> = {
  for: { icon: Check, className: 'text-safe' },
  open: { icon: CircleQuestionMark, className: 'text-med' },
  against: { icon: X, className: 'text-high' },
};

interface RetryFactsProps {
  proof: Proof;
  provider: string;
  /** Whether the provider was asked for this very preview. */
  askedNow: boolean;
}

/** Everything that the verdict rests on, fact by fact: the same that is decided again under the lock and kept with the attempt. */
export function RetryFacts({ proof, provider, askedNow }: RetryFactsProps) {
  const t = useText();
  return (
    <section aria-labelledby="retry-facts" className="mt-4">
      <h3 id="retry-facts" className="mb-1.5 text-2xs font-medium text-quiet">
        {t('payouts.retry.facts.title')}
      </h3>
      <ul className="divide-y divide-line rounded-md border border-line text-sm">
        <LastAttempt proof={proof} />
        {proof.attempt && <Key proof={proof} provider={provider} />}
        {proof.attempt && <Asked proof={proof} provider={provider} askedNow={askedNow} />}
        <Fact says={proof.earlierMoved ? 'against' : 'for'} term={t('payouts.retry.facts.earlier')}>
          {t(proof.earlierMoved ? 'payouts.retry.facts.earlierMoved' : 'payouts.retry.facts.earlierNone')}
        </Fact>
        <Fact says={proof.payoutsOn && !proof.hold ? 'for' : 'against'} term={t('payouts.retry.facts.sending')}>
          {proof.payoutsOn
            ? proof.hold
              ? t('payouts.retry.facts.held', { by: proof.hold.placedBy, reason: proof.hold.reason })
              : t('payouts.retry.facts.sendingOn')
            : t('payouts.retry.facts.sendingOff')}
        </Fact>
        <Fact says={proof.overrideOpen ? 'against' : 'for'} term={t('payouts.retry.facts.override')}>
          {t(proof.overrideOpen ? 'payouts.retry.facts.overrideOpen' : 'payouts.retry.facts.overrideNone')}
        </Fact>
      </ul>
    </section>
  );
}

function Fact({ says, term, children }: { says: Says; term: string; children: ReactNode }) {
  const t = useText();
  const { icon: Icon, className } = LOOK[says];
  return (
    <li className="flex items-start gap-2.5 px-3 py-1.5">
      <Icon aria-hidden="true" size={14} className={cx('mt-[3px] shrink-0', className)} />
      <span className="sr-only">{t(`payouts.retry.facts.says.${says}`)}: </span>
      <span className="w-[120px] shrink-0 text-quiet">{term}</span>
      <span className="min-w-0 flex-1 break-words">{children}</span>
    </li>
  );
}

/** Statuses of an attempt that certainly moved no money, and those that may have. */
const NO_MONEY = new Set(['ready', 'not_sent', 'absent', 'rejected', 'canceled']);
const MAYBE = new Set(['sending', 'unknown']);

function LastAttempt({ proof }: { proof: Proof }) {
  const t = useText();
  const { attempt } = proof;
  const term = t('payouts.retry.facts.last');
  if (!attempt) {
    return (
      <Fact says="for" term={term}>
        {t('payouts.retry.facts.noAttempt')}
      </Fact>
    );
  }
  // "Ready" after a first send is an attempt whose answer was lost and that waits to be sent again.
  const neverSent = attempt.status === 'ready' && proof.keyAgeMs !== null;
  const says: Says = MAYBE.has(attempt.status) || neverSent ? 'open' : NO_MONEY.has(attempt.status) ? 'for' : 'against';
  return (
    <Fact says={says} term={term}>
      {t('payouts.retry.facts.attempt', {
        no: attempt.no,
        status: t(`payouts.attempt.status.${attempt.status as AttemptStatus}`),
      })}
      {attempt.code && (
        <span className="text-quiet">
          {' · '}
          {MAYBE.has(attempt.status) ? lostText(t, attempt.code) : failureCodeText(t, attempt.code)}
        </span>
      )}
    </Fact>
  );
}

/** The key's age against the time for which the provider replays it, as words and as a bar. */
function Key({ proof, provider }: { proof: Proof; provider: string }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { attempt, keyAgeMs, replayWindowMs } = proof;
  if (!attempt) return null;
  // The proof was taken at `decidedAt`; the key has aged since.
  const age = keyAgeMs === null ? null : keyAgeMs + Math.max(0, now.getTime() - Date.parse(proof.decidedAt));
  const share = age === null ? 0 : Math.min(1, age / replayWindowMs);
  const expired = age !== null && age >= replayWindowMs;
  const window = format.duration(replayWindowMs);
  return (
    <Fact says={expired ? 'open' : 'for'} term={t('payouts.retry.facts.key')}>
      <IdText id={attempt.providerKey} />
      <span className="text-ink-2">
        {' · '}
        {age === null
          ? t('payouts.retry.keyNeverSent')
          : t(expired ? 'payouts.retry.facts.keyExpired' : 'payouts.retry.facts.keyAge', {
              age: format.duration(age),
              window,
              provider,
            })}
      </span>
      {age !== null && (
        <span aria-hidden="true" className="mt-1 block h-1 w-full max-w-[260px] rounded-full bg-line">
          <span
            className={cx('block h-1 rounded-full', expired ? 'bg-med-mark' : 'bg-safe-mark')}
            style={{ width: `${Math.max(2, Math.round(share * 100))}%` }}
          />
        </span>
      )}
    </Fact>
  );
}

function Asked({ proof, provider, askedNow }: RetryFactsProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const answer = proof.asked?.answer as AskedAnswer | null | undefined;
  const term = t('payouts.retry.facts.asked', { provider });
  if (!proof.asked || !answer) {
    return (
      <Fact says={proof.keyAgeMs === null ? 'for' : 'open'} term={term}>
        {t(proof.keyAgeMs === null ? 'payouts.retry.facts.nothingToAsk' : 'payouts.retry.facts.notAsked')}
      </Fact>
    );
  }
  const scanned = answer.kind === 'absent' ? scannedOf(answer) : null;
  const when = askedNow ? t('payouts.retry.facts.justNow') : format.relative(proof.asked.at, now);
  return (
    <Fact says={answer.kind === 'absent' ? 'for' : answer.kind === 'no_answer' ? 'open' : 'against'} term={term}>
      {t(`payouts.retry.facts.answer.${answer.kind}`, { when })}
      {scanned !== null && (
        <span className="text-quiet"> · {t('payouts.retry.facts.scanned', { count: scanned })}</span>
      )}
    </Fact>
  );
}

/** Among how many payouts the provider looked, as it is kept: "16 scanned"; null where that is not told. */
function scannedOf({ detail }: AskedAnswer): number | null {
  const count = /^(\d{1,9}) scanned$/.exec(detail ?? '')?.[1];
  return count === undefined ? null : Number(count);
}
