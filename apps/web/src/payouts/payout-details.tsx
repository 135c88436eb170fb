import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { DescriptionList } from '../ui/description-list.tsx';
import { IdText } from '../ui/id-text.tsx';
import type { PayoutDetail } from './payout-wire.ts';
import { holdText } from './timeline-words.ts';

/** The rest of what is known of it. */
export function PayoutDetails({ payout }: { payout: PayoutDetail }) {
  const t = useText();
  const format = useFormat();
  const { row, destination } = payout;
  const items = [
    { term: t('payouts.details.kind'), detail: t(`payouts.kind.${row.kind}`) },
    { term: t('payouts.details.party'), detail: row.party.name },
    { term: t('payouts.details.bank'), detail: destination.bank },
    { term: t('payouts.details.account'), detail: `${destination.holder} · ${destination.masked}` },
    { term: t('payouts.details.country'), detail: destination.country },
    {
      term: t('payouts.details.reference'),
      detail: row.merchantReference && <IdText id={row.merchantReference} whole copy />,
    },
    { term: t('payouts.details.descriptor'), detail: payout.descriptor },
    {
      term: t('payouts.details.providerId'),
      detail: payout.providerPayoutId && <IdText id={payout.providerPayoutId} whole copy />,
    },
    { term: t('payouts.details.requestedBy'), detail: payout.requestedBy },
    { term: t('payouts.details.created'), detail: format.instant(row.createdAt) },
    { term: t('payouts.details.paid'), detail: payout.paidAt && format.instant(payout.paidAt) },
    { term: t('payouts.details.assignee'), detail: row.assignee?.name ?? t('payouts.details.nobody') },
    { term: t('payouts.details.holdReason'), detail: payout.holdReason && holdText(t, payout.holdReason) },
  ].filter((item) => item.detail);
  return <DescriptionList items={items} />;
}
