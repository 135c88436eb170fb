import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { useText } from '../lib/i18n.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { STATUS_LOOK } from './payout-look.ts';

/** A payout's status: shape and word. A status newer than this page is said as it is. */
export function PayoutStatusMark({ status }: { status: string }) {
  const t = useText();
  if (!isKnown(status)) return <StatusMark shape="ring" tone="quiet" label={status} />;
  return <StatusMark {...STATUS_LOOK[status]} label={t(`payouts.status.${status}`)} />;
}

function isKnown(status: string): status is PayoutStatus {
  return Object.hasOwn(STATUS_LOOK, status);
}
