import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { cx } from '../lib/class-names.ts';
import { whyNot } from '../lib/failure.ts';
import { type Text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Button, type WhyNot } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { CalendarList } from './calendar-list.tsx';
import { ControlsTabs } from './controls-tabs.tsx';
import type { PolicyInForce } from './controls-wire.ts';
import { LimitDialog } from './limit-dialog.tsx';
import { type Cell, LimitTable } from './limit-table.tsx';
import { PolicyVersions } from './policy-versions.tsx';
import { RAILS, withRule } from './stuck-draft.ts';
import { useWhatIf } from './use-what-if.ts';
import { WhatIfPanel } from './what-if-panel.tsx';

const SavePolicyDialog = lazy(() =>
  import('./save-policy-dialog.tsx').then((file) => ({ default: file.SavePolicyDialog })),
);

/** When a payout is late and when it is stuck: the limits and calendars in force, and what others would do. */
export function StuckPolicyPage() {
  const t = useText();
  const current = useQuery({
    ...trpc.stuckPolicy.current.queryOptions(),
    refetchInterval: ({ state }) => (state.data && state.data.behind > 0 ? BEHIND_MS : false),
  });
  return (
    <>
      <PageTitle title={t('controls.tabs.stuckPolicy')} />
      {current.data ? (
        <Editor policy={current.data} />
      ) : (
        <>
          <ControlsTabs />
          {current.isError ? (
            <ErrorState error={current.error} onRetry={() => void current.refetch()} />
          ) : (
            <SkeletonRows rows={8} tall />
          )}
        </>
      )}
    </>
  );
}

/** What a person has changed, and of which version; null while nothing is. */
interface Draft {
  baseVersion: number;
  rules: StuckRules;
}

/** How often it is asked whether every open payout follows the policy yet, while some do not. */
const BEHIND_MS = 2_000;

const NO_RULE = { expected: { minutes: 5 }, stuck: { minutes: 15 } };

function Editor({ policy }: { policy: PolicyInForce }) {
  const t = useText();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [editing, setEditing] = useState<Cell | null>(null);
  const [saving, setSaving] = useState(false);
  const rules = draft?.rules ?? policy.rules;
  const whatIf = useWhatIf(draft?.rules ?? null);
  const mayChange = policy.can.change === null;
  const change = (next: StuckRules): void =>
    setDraft({ baseVersion: draft?.baseVersion ?? policy.version, rules: next });
  const moved = draft !== null && draft.baseVersion !== policy.version;
  const faults = draft ? (whatIf.answer?.faults ?? []) : [];
  const isFaulty = ({ status, rail }: Cell): boolean =>
    faults.some((fault) => 'status' in fault && fault.status === status && fault.rail === rail);
  const stop = whyNot(t, policy.can.change) ?? saveStop(t, draft, moved, whatIf);

  return (
    <>
      <ControlsTabs>
        {draft && <Button onClick={() => setDraft(null)}>{t('controls.policy.discard')}</Button>}
        <Button tone="primary" whyNot={stop} onClick={() => setSaving(true)}>
          {t('controls.policy.review')}
        </Button>
      </ControlsTabs>
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        <div
          className={cx(
            'grid gap-x-6 gap-y-8 px-4 py-4',
            mayChange && 'xl:grid-cols-[minmax(0,1fr)_340px] xl:grid-rows-[auto_1fr]',
          )}
        >
          <section aria-labelledby="limits-title" className="min-w-0">
            <InForce policy={policy} />
            {moved && (
              <p role="alert" className="mb-3 rounded-md bg-med-soft px-3 py-2 text-sm text-med">
                {t('controls.policy.moved', { version: policy.version })}
              </p>
            )}
            <h2 id="limits-title" className="text-md font-semibold">
              {t('controls.policy.limits')}
            </h2>
            <p className="mb-2 text-sm text-quiet">{t('controls.policy.limitsLead')}</p>
            <LimitTable
              rules={rules}
              inForce={policy.rules}
              isFaulty={isFaulty}
              onEdit={mayChange ? setEditing : null}
            />
          </section>
          {mayChange && (
            <div className="min-w-0 xl:sticky xl:top-4 xl:row-span-2 xl:max-h-[calc(100vh-180px)] xl:self-start xl:overflow-y-auto xl:border-l xl:border-line xl:pr-1 xl:pl-6">
              <WhatIfPanel asked={draft !== null} answer={whatIf.answer} error={whatIf.error} onRetry={whatIf.retry} />
            </div>
          )}
          <div className="flex min-w-0 flex-col gap-8">
            <CalendarList rules={rules} onRules={mayChange ? change : null} />
            <PolicyVersions />
          </div>
        </div>
      </div>
      {editing && (
        <LimitDialog
          cell={editing}
          rule={rules.limits[editing.rail][editing.status] ?? NO_RULE}
          onTake={(rule, everyRail) => {
            change(withRule(rules, editing.status, everyRail ? RAILS : [editing.rail], rule));
            setEditing(null);
          }}
          onClose={() => setEditing(null)}
        />
      )}
      {saving && draft && whatIf.answer && (
        <Suspense>
          <SavePolicyDialog
            baseVersion={draft.baseVersion}
            rules={draft.rules}
            answer={whatIf.answer}
            onSaved={() => setDraft(null)}
            onClose={() => setSaving(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Why the draft cannot be saved yet; null when it can. */
function saveStop(t: Text, draft: Draft | null, moved: boolean, whatIf: ReturnType<typeof useWhatIf>): WhyNot | null {
  const say = (why: 'noChange' | 'faulty' | 'unchecked'): WhyNot => ({
    short: t(`controls.policy.${why}`),
    sentence: t(`controls.policy.${why}Long`),
  });
  if (!draft) return say('noChange');
  if (moved) return whyNot(t, { code: 'version_conflict' });
  if (!whatIf.current || !whatIf.answer) return say('unchecked');
  if (whatIf.answer.faults.length > 0) return say('faulty');
  return whatIf.answer.changes.length === 0 ? say('noChange') : null;
}

/** Which version is in force, since when, by whom and why; and whether every open payout follows it yet. */
function InForce({ policy }: { policy: PolicyInForce }) {
  const t = useText();
  return (
    <div className="mb-5 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <strong className="font-semibold">{t('controls.policy.inForce', { version: policy.version })}</strong>
        <span className="text-ink-2">{t('controls.policy.by', { who: policy.by })}</span>
        <span className="text-quiet">
          <RelativeTime at={policy.at} />
        </span>
        <span className="wrap-anywhere">· {policy.note}</span>
      </p>
      {policy.behind > 0 && (
        <p role="status" className="mt-1 text-med">
          {t('controls.policy.behind', { count: policy.behind })}
        </p>
      )}
      {policy.can.change && <p className="mt-1 text-quiet">{t('controls.policy.readOnly')}</p>}
    </div>
  );
}
