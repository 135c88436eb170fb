import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import { CircleAlert, Clock } from 'lucide-react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { Badge } from '../ui/badge.tsx';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { failureCodeText } from './failure-code.ts';
import { providerName } from './payout-look.ts';
import type { Stuck } from './payout-wire.ts';

interface StuckBadgeProps {
  stuck: Stuck;
  provider: string;
  rail: Rail;
  /** In a row, pressing it opens the row. */
  onPress?: () => void;
  /** Beside the heading the cause is said below; the limit is then the better second half. */
  says?: 'cause' | 'limit';
}

/** How often the length of time is written anew. */
const STEP_MS = 10_000;

/** Attention as a sentence, with a focusable "why": the rule, its inputs, and what comes next. */
export function StuckBadge({ stuck, provider, rail, onPress, says = 'cause' }: StuckBadgeProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(STEP_MS);
  const tabIndex = useCellTabIndex();
  const name = providerName(provider);
  const since = new Date(stuck.since).getTime();
  const length = format.duration(Math.max(0, now.getTime() - since));
  const limit = format.duration(new Date(stuck.limitAt).getTime() - since);
  const isStuck = stuck.level === 'stuck';
  const cause = stuck.code
    ? failureCodeText(t, stuck.code)
    : t(`payouts.stuck.cause.${stuck.cause}`, { provider: name });
  const Icon = isStuck ? CircleAlert : Clock;

  const why = () => (
    <span className="flex flex-col gap-0.5">
      <strong className="font-semibold text-ink">
        {t(isStuck ? 'payouts.stuck.whyStuck' : 'payouts.stuck.whyLate')}
      </strong>
      <span>
        {t('payouts.stuck.rule', {
          status: t(`payouts.status.${stuck.status}`),
          since: format.instant(stuck.since),
          length,
          limit,
        })}
      </span>
      <span className="first-letter:uppercase">{cause}.</span>
      <span>
        {t(`payouts.stuck.next.${stuck.next}`, {
          provider: name,
          when: stuck.nextAt ? format.relative(stuck.nextAt, now) : '',
        })}
      </span>
      <span className="text-quiet">
        {t('payouts.stuck.policy', { version: stuck.policyVersion, rail: t(`payouts.rails.${rail}`) })}
      </span>
    </span>
  );

  const badge = (
    <Badge
      tone={isStuck ? 'high' : 'med'}
      icon={<Icon aria-hidden="true" size={13} className="shrink-0" />}
      lead={t(`payouts.stuck.${stuck.level}`, { length })}
    >
      {says === 'cause' ? cause : t('payouts.stuck.limit', { limit })}
    </Badge>
  );
  return (
    <Tooltip content={why}>
      {onPress ? (
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={onPress}
          className="inline-flex max-w-full rounded-sm align-middle -outline-offset-2"
        >
          {badge}
        </button>
      ) : (
        // The words behind it are read on focus; there is nothing to press.
        <span tabIndex={tabIndex} className="inline-flex max-w-full rounded-sm">
          {badge}
        </span>
      )}
    </Tooltip>
  );
}
