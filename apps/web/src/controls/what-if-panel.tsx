import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import type { WhatIf } from './controls-wire.ts';
import { faultText } from './fault-words.ts';

interface WhatIfPanelProps {
  /** Undefined while nothing was changed. */
  asked: boolean;
  answer: WhatIf | undefined;
  error: unknown;
  onRetry: () => void;
}

/** What the draft would do to the open payouts if it were in force now. */
export function WhatIfPanel({ asked, answer, error, onRetry }: WhatIfPanelProps) {
  const t = useText();
  return (
    <aside aria-labelledby="what-if-title" className="min-w-0">
      <h2 id="what-if-title" className="mb-2 text-md font-semibold">
        {t('controls.policy.whatIf.title')}
      </h2>
      <div aria-live="polite" className="flex flex-col gap-4 text-sm">
        {!asked ? (
          <p className="text-quiet">{t('controls.policy.whatIf.idle')}</p>
        ) : error ? (
          <ErrorState error={error} onRetry={onRetry} />
        ) : !answer ? (
          <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3">
            <Bar className="w-56" />
            <Bar className="w-40" />
            <Bar className="w-48" />
          </div>
        ) : answer.effect ? (
          <Effect effect={answer.effect} />
        ) : (
          <Faults faults={answer.faults} />
        )}
      </div>
    </aside>
  );
}

function Faults({ faults }: { faults: WhatIf['faults'] }) {
  const t = useText();
  return (
    <div className="rounded-md bg-high-soft px-3 py-2 text-high">
      <h3 className="font-semibold">{t('controls.policy.whatIf.faults')}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {faults.map((fault) => (
          <li key={JSON.stringify(fault)}>
            <span className="inline-block first-letter:uppercase">{faultText(t, fault)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

type EffectData = NonNullable<WhatIf['effect']>;

function Effect({ effect }: { effect: EffectData }) {
  const t = useText();
  const { becomesStuck, noLongerStuck, rows, examples } = effect;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3">
        <Figure label={t('controls.policy.whatIf.stuckNow')} {...effect.stuck} />
        <Figure label={t('controls.policy.whatIf.lateNow')} {...effect.late} />
      </dl>
      <p className="-mt-2 text-xs text-quiet">{t('controls.policy.whatIf.open', { count: effect.open })}</p>
      {becomesStuck.count === 0 && noLongerStuck.count === 0 && rows.length === 0 && (
        <p>{t('controls.policy.whatIf.none')}</p>
      )}
      {becomesStuck.count > 0 && (
        <Sums title={t('controls.policy.whatIf.becomes', { count: becomesStuck.count })} sums={becomesStuck.sums} />
      )}
      {noLongerStuck.count > 0 && (
        <Sums title={t('controls.policy.whatIf.noLonger', { count: noLongerStuck.count })} sums={noLongerStuck.sums} />
      )}
      {rows.length > 0 && <Where rows={rows} />}
      {examples.length > 0 && <Examples examples={examples} />}
    </>
  );
}

function Figure({ label, before, after }: { label: string; before: number; after: number }) {
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <dt className="text-xs text-quiet">{label}</dt>
      <dd className="text-md font-semibold tabular-nums">
        <Arrow before={before} after={after} />
      </dd>
    </div>
  );
}

/** "12 → 324" for eyes; for ears a sentence. */
function Arrow({ before, after }: { before: number; after: number }) {
  const t = useText();
  return (
    <>
      <span aria-hidden="true">{t('controls.policy.whatIf.arrow', { before, after })}</span>
      <span className="sr-only">{t('controls.policy.whatIf.from', { before, after })}</span>
    </>
  );
}

function Sums({ title, sums }: { title: string; sums: EffectData['becomesStuck']['sums'] }) {
  return (
    <div>
      <p className="font-medium">{title}</p>
      <p className="flex flex-wrap gap-x-4 text-ink-2">
        {sums.map((sum) => (
          <MoneyText key={sum.currency} money={sum} />
        ))}
      </p>
    </div>
  );
}

function Where({ rows }: { rows: EffectData['rows'] }) {
  const t = useText();
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">{t('controls.policy.whatIf.where')}</caption>
      <thead>
        <tr className="border-b border-line text-xs text-quiet">
          <th scope="col" className="py-1 font-medium">
            {t('controls.policy.whatIf.where')}
          </th>
          <Right as="th">{t('controls.policy.whatIf.lateNow')}</Right>
          <Right as="th">{t('controls.policy.whatIf.stuckNow')}</Right>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.rail} ${row.status}`} className="border-b border-line">
            <th scope="row" className="py-1 font-normal first-letter:uppercase">
              {t('controls.policy.dialogTitle', {
                status: t(`payouts.status.${row.status}`),
                rail: t(`payouts.rails.${row.rail}`),
              })}
            </th>
            <Right>
              <Arrow {...row.late} />
            </Right>
            <Right>
              <Arrow {...row.stuck} />
            </Right>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Right({ as: Tag = 'td', children }: { as?: 'td' | 'th'; children: ReactNode }) {
  return (
    <Tag
      {...(Tag === 'th' ? { scope: 'col' } : {})}
      className="py-1 pl-3 text-right font-normal whitespace-nowrap tabular-nums"
    >
      {children}
    </Tag>
  );
}

function Examples({ examples }: { examples: EffectData['examples'] }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(10_000);
  return (
    <section aria-label={t('controls.policy.whatIf.examples')}>
      <h3 className="mb-1 text-xs text-quiet">{t('controls.policy.whatIf.examples')}</h3>
      <ul className="border-t border-line">
        {examples.map((one) => (
          <li key={one.id} className="border-b border-line py-1">
            <span className="flex items-baseline justify-between gap-3">
              <Link
                {...paths.payout(one.id)}
                className="min-w-0 truncate underline decoration-line-strong underline-offset-2"
              >
                {one.holder}
              </Link>
              <MoneyText money={one} />
            </span>
            <span className="flex justify-between gap-3 text-xs text-quiet">
              <span className="truncate">
                {t(`payouts.status.${one.status}`)} · {t(`payouts.rails.${one.rail}`)} ·{' '}
                {format.duration(Math.max(0, now.getTime() - Date.parse(one.statusAt)))}
              </span>
              <span className="whitespace-nowrap">
                {t('controls.policy.whatIf.arrow', {
                  before: t(`controls.policy.whatIf.level.${one.before}`),
                  after: t(`controls.policy.whatIf.level.${one.after}`),
                })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
