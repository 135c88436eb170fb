import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { Link } from '@tanstack/react-router';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { amountInWords } from './amount-words.ts';
import { EvidenceList } from './evidence-list.tsx';
import { ExpiryText } from './expiry-text.tsx';
import type { OverrideDetail } from './override-wire.ts';
import { policyText } from './override-words.ts';

/** What it is about: the act, the amount twice, and to whom. */
export function OverrideHead({ override }: { override: OverrideDetail }) {
  const t = useText();
  const language = useLanguage();
  const { row, payout } = override;
  return (
    <>
      <p className="text-quiet">{t(`overrides.kinds.${row.kind}`)}</p>
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <span className="text-2xl font-semibold">
          <MoneyText money={row} className="[&>span]:text-ink" />
        </span>
        <span className="text-lg text-ink-2">{amountInWords(row, language)}</span>
      </p>
      <p className="mt-1 text-ink-2">
        {t('overrides.page.to', { holder: row.holder })} · <span className="whitespace-nowrap">{row.account}</span> ·{' '}
        {payout.bank}, {payout.country}
        {row.party.name !== row.holder && ` · ${row.party.name}`}
      </p>
    </>
  );
}

/** Who asked, why, on what evidence, under which policy, and for how long. */
export function OverrideFacts({ override }: { override: OverrideDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { row, policy } = override;
  const open = row.closedAt === null;
  const sentence = policyText(t, { seats: row.seats, band: policy.band, currency: row.currency }, format.money);
  return (
    <DescriptionList
      wide
      items={[
        {
          term: t('overrides.page.askedBy'),
          detail: (
            <>
              {row.maker.name} ·{' '}
              <time dateTime={row.createdAt} title={format.instant(row.createdAt)}>
                {format.relative(row.createdAt, now)}
              </time>
            </>
          ),
        },
        {
          term: t('overrides.page.reason'),
          detail: <span className="break-words whitespace-pre-wrap">{row.reason}</span>,
        },
        { term: t('overrides.page.evidence'), detail: <EvidenceList files={override.evidence} /> },
        {
          term: t('overrides.policy.version', { version: policy.version }),
          detail: <span className="inline-block first-letter:uppercase">{sentence}</span>,
        },
        open
          ? { term: t('overrides.page.expires'), detail: <ExpiryText at={row.expiresAt} /> }
          : { term: t('overrides.page.ended'), detail: row.closedAt && format.instant(row.closedAt) },
        {
          term: t('overrides.page.payout'),
          detail: (
            <>
              <Link
                {...paths.payout(row.payout.id)}
                className="rounded-xs [&_code]:underline [&_code]:decoration-line-strong [&_code]:underline-offset-2"
              >
                <IdText id={row.payout.id} />
              </Link>{' '}
              · {t('overrides.page.payoutNow', { status: t(`payouts.status.${row.payout.status as PayoutStatus}`) })}
            </>
          ),
        },
      ]}
    />
  );
}
