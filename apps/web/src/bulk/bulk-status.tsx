import { useText } from '../lib/i18n.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { STATUS_LOOK } from './bulk-look.ts';
import type { BulkListRow } from './bulk-wire.ts';

/** A run's state: shape and word. A preview that is too old is said to be so. */
export function RunStatus({ run }: { run: BulkListRow }) {
  const t = useText();
  const status = run.expired ? 'expired' : run.status;
  return <StatusMark {...STATUS_LOOK[status]} label={t(`bulk.status.${status}`)} />;
}
