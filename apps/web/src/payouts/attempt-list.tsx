import type { AttemptStatus } from '@countersign/api/src/payouts/attempt.ts';
import { type Text, useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import { type MarkShape, type MarkTone, StatusMark } from '../ui/status-mark.tsx';
import { AttemptProof } from './attempt-proof.tsx';
import { failureCodeText } from './failure-code.ts';
import type { AttemptRow, PayoutDetail } from './payout-wire.ts';
import { lostText } from './timeline-words.ts';

const LOOK: Record<AttemptStatus, { shape: MarkShape; tone: MarkTone }> = {
  ready: { shape: 'ring', tone: 'quiet' },
  sending: { shape: 'dotted-ring', tone: 'moving' },
  unknown: { shape: 'half-ring', tone: 'unsure' },
  accepted: { shape: 'ring', tone: 'moving' },
  paid: { shape: 'dot', tone: 'safe' },
  rejected: { shape: 'square', tone: 'high' },
  not_sent: { shape: 'cross', tone: 'quiet' },
  absent: { shape: 'cross', tone: 'quiet' },
  returned: { shape: 'square', tone: 'med' },
  canceled: { shape: 'cross', tone: 'quiet' },
};

/** Every try, the latest first, with its key, what came of it, and the proof that it was made on. */
export function AttemptList({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const { attempts } = payout;
  if (attempts.length === 0) return <p className="text-quiet">{t('payouts.panel.none')}</p>;
  return (
    <ul className="flex flex-col gap-4">
      {attempts.map((attempt) => (
        <li key={attempt.id}>
          <Attempt payout={payout} attempt={attempt} />
        </li>
      ))}
    </ul>
  );
}

function Attempt({ payout, attempt }: { payout: PayoutDetail; attempt: AttemptRow }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const status = attempt.status as AttemptStatus;
  const sent = attempt.firstSentAt
    ? t('payouts.attempt.sentTimes', { count: attempt.sendCount, when: format.instant(attempt.firstSentAt) })
    : t('payouts.attempt.neverSent');
  const asked = attempt.checkCount > 0 ? ` · ${t('payouts.attempt.asked', { count: attempt.checkCount })}` : '';
  const nextCheck = attempt.nextCheckAt && new Date(attempt.nextCheckAt) > now ? attempt.nextCheckAt : null;
  const items = [
    { term: t('payouts.attempt.key'), detail: <IdText id={attempt.providerKey} copy /> },
    ...(attempt.providerPayoutId
      ? [{ term: t('payouts.attempt.at'), detail: <IdText id={attempt.providerPayoutId} copy /> }]
      : []),
    { term: t('payouts.attempt.sent'), detail: sent + asked },
    ...(attempt.code || attempt.message
      ? [
          {
            term: t('payouts.attempt.answer'),
            detail: attempt.code ? answerText(t, attempt.code) : attempt.message,
          },
        ]
      : []),
    ...(nextCheck ? [{ term: t('payouts.attempt.nextCheck'), detail: format.relative(nextCheck, now) }] : []),
    { term: t('payouts.attempt.by'), detail: attempt.requestedBy },
  ];
  return (
    <>
      <p className="mb-1 flex flex-wrap items-center gap-x-2.5">
        <strong className="font-semibold">{t('payouts.attempt.no', { no: attempt.no })}</strong>
        <StatusMark {...LOOK[status]} label={t(`payouts.attempt.status.${status}`)} />
        {attempt.open && <span className="text-xs text-quiet">{t('payouts.attempt.open')}</span>}
      </p>
      <DescriptionList items={items} />
      <AttemptProof payout={payout} attempt={attempt} />
    </>
  );
}

/** What came back, in words: the provider's code, or why nothing came. */
function answerText(t: Text, code: string): string {
  const words = failureCodeText(t, code);
  return words === code ? lostText(t, code) : words;
}
