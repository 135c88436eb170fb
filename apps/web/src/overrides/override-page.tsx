import type { PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { shortenId } from '../lib/format.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { DiffList } from '../ui/diff-list.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { DecisionList } from './decision-list.tsx';
import { OverrideFacts, OverrideHead } from './override-facts.tsx';
import { OVERRIDE_LOOK } from './override-look.ts';
import type { OverrideDetail } from './override-wire.ts';
import { snapshotFieldText } from './override-words.ts';
import { PostedEntries } from './posted-entries.tsx';
import { SignCard } from './sign-card.tsx';
import { usePreviewItems } from './use-preview-items.ts';

/** One override with everything that it is judged by, and the buttons that decide on it. */
export function OverridePage() {
  const t = useText();
  const { id } = useParams({ from: '/shell/overrides/$id' });
  const query = useQuery(trpc.overrides.detail.queryOptions({ id }));
  const override = query.data;
  return (
    <>
      <PageTitle
        title={t('overrides.page.title', { id: shortenId(id) })}
        detail={override && <Status override={override} />}
      />
      {override ? (
        <Content key={override.contentHash} override={override} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </>
  );
}

function Status({ override: { row } }: { override: OverrideDetail }) {
  const t = useText();
  return (
    <>
      <StatusMark {...OVERRIDE_LOOK[row.status]} label={t(`overrides.status.${row.status}`)} /> ·{' '}
      {t('overrides.approvalsOf', { given: row.approvals, required: row.approvalsRequired })}
    </>
  );
}

function Content({ override }: { override: OverrideDetail }) {
  const t = useText();
  const { row } = override;
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto max-lg:flex-col lg:overflow-hidden">
      <div className="min-w-0 flex-1 px-7 py-5 lg:overflow-y-auto">
        <Link
          {...paths.overrides()}
          className="mb-3 inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink"
        >
          <ArrowLeft aria-hidden="true" size={13} />
          {t('overrides.page.back')}
        </Link>
        <OverrideHead override={override} />
        <Ended override={override} />
        <Moved override={override} />
        <div className="mt-5">
          <OverrideFacts override={override} />
        </div>
        <WhatChanges override={override} />
        {override.entries.length > 0 && (
          <Section title={t('overrides.page.posted')}>
            <PostedEntries entries={override.entries} />
          </Section>
        )}
      </div>
      <aside className="flex shrink-0 flex-col gap-6 border-line bg-paper px-6 py-5 max-lg:border-t lg:w-[368px] lg:overflow-y-auto lg:border-l">
        <SignCard override={override} />
        <section>
          <h2 className="mb-2 text-2xs font-medium text-quiet">{t('overrides.page.decisions')}</h2>
          <DecisionList decisions={override.decisions} />
        </section>
        {row.closedAt === null && (
          <p className="flex items-start gap-2 text-xs text-quiet">
            <Users aria-hidden="true" size={14} className="mt-0.5 shrink-0" />
            {t('overrides.page.maker')}
          </p>
        )}
        <Link
          {...paths.audit({ subject: row.id })}
          className="self-start underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {t('overrides.page.audit')}
        </Link>
      </aside>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-6 max-w-[820px]">
      <h2 className="mb-2 text-xs font-medium text-quiet">{title}</h2>
      {children}
    </section>
  );
}

function WhatChanges({ override }: { override: OverrideDetail }) {
  const t = useText();
  const items = usePreviewItems(override.preview ?? []);
  if (override.row.closedAt !== null) return null;
  return (
    <Section title={t('overrides.page.whatChanges')}>
      {override.preview ? (
        <DiffList caption={t('overrides.page.whatChanges')} items={items} />
      ) : (
        <p className="text-quiet">{t('overrides.page.impossible')}</p>
      )}
    </Section>
  );
}

/** How it ended, where it has. */
function Ended({ override }: { override: OverrideDetail }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { row, statusReason } = override;
  const moved = useMovedText(override);
  if (row.closedAt === null || row.status === 'requested' || row.status === 'approved') return null;
  return (
    <div className="mt-3 max-w-[820px] rounded-md bg-sunken px-3 py-2">
      <StatusMark
        {...OVERRIDE_LOOK[row.status]}
        label={t(`overrides.closedWords.${row.status}`, { when: format.relative(row.closedAt, now) })}
      />
      {(statusReason ?? moved) && (
        <p className="pl-4 break-words whitespace-pre-wrap text-ink-2">{statusReason ?? moved}</p>
      )}
    </div>
  );
}

/** While it is open: what is not any more what was asked for. */
function Moved({ override }: { override: OverrideDetail }) {
  const moved = useMovedText(override);
  if (moved === null || override.row.closedAt !== null) return null;
  return (
    <p role="status" className="mt-3 max-w-[820px] rounded-md bg-med-soft px-3 py-2 text-med">
      {moved}
    </p>
  );
}

/** Names the field that is not what it was, with both values; null while all is as it was. */
function useMovedText({ row, moved }: OverrideDetail): string | null {
  const t = useText();
  if (!moved) return null;
  const say = (value: string | null): string => {
    if (value === null) return t('overrides.page.emptyValue');
    return moved.field === 'status' ? t(`payouts.status.${value as PayoutStatus}`) : value;
  };
  return t(row.closedAt === null ? 'overrides.page.stale' : 'overrides.page.staleEnded', {
    field: snapshotFieldText(t, moved.field),
    signed: say(moved.signed),
    now: say(moved.now),
  });
}
