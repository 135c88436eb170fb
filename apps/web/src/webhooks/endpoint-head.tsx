import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { ENDPOINT_LOOK, endpointState } from './webhook-look.ts';
import type { Endpoint } from './webhook-wire.ts';
import { arrivedShare, followsText, missingText } from './webhook-words.ts';

/** What an endpoint is, how it does, and what can be done with it. */
export function EndpointHead({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  return (
    <section className="flex shrink-0 flex-col gap-3 border-b border-line px-4 py-3.5">
      <div className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 truncate text-sm" title={endpoint.url}>
          {endpoint.url}
        </code>
        <CopyButton value={endpoint.url} />
      </div>
      <Standing endpoint={endpoint} />
      <Facts endpoint={endpoint} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <EndpointActions endpoint={endpoint} />
        <Link
          {...paths.audit({ subject: endpoint.id })}
          className="ml-auto underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {t('webhooks.page.audit')}
        </Link>
      </div>
    </section>
  );
}

/** What is wrong with it, where something is. */
function Standing({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const state = endpointState(endpoint);
  if (state === 'enabled') return null;
  const failing = state === 'failing' && endpoint.failingSince;
  return (
    <div className={`rounded-md px-3 py-2 text-sm ${failing ? 'bg-high-soft text-high' : 'bg-sunken'}`}>
      <p className="flex items-center gap-2 font-medium">
        <Mark {...ENDPOINT_LOOK[state]} />
        {failing
          ? t('webhooks.page.failingTitle', { length: format.duration(now.getTime() - Date.parse(failing)) })
          : t('webhooks.page.disabledTitle')}
      </p>
      <p className="pl-[17px]">
        {failing
          ? t('webhooks.page.failingLead')
          : state === 'gone'
            ? t('webhooks.page.disabledGone')
            : endpoint.statusReason && t('webhooks.page.disabledWhy', { reason: endpoint.statusReason })}
      </p>
    </div>
  );
}

function Facts({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const format = useFormat();
  const share = arrivedShare(endpoint);
  const facts = [
    {
      term: t('webhooks.page.follows'),
      detail: <span title={endpoint.types.join(', ')}>{followsText(t, endpoint.types)}</span>,
    },
    {
      term: t('webhooks.page.day'),
      detail:
        share === null
          ? t('webhooks.noDay')
          : t('webhooks.page.dayOf', { share: format.share(share), count: endpoint.day.tried }),
    },
    { term: t('webhooks.page.missing'), detail: missingText(t, endpoint) ?? t('webhooks.missing.none') },
    {
      term: t('webhooks.page.made'),
      detail: t('webhooks.page.madeBy', { who: endpoint.createdBy, when: format.instant(endpoint.createdAt) }),
    },
    ...(endpoint.previousSecretUntil
      ? [
          {
            term: t('webhooks.page.oldSecret'),
            detail: t('webhooks.page.oldSecretUntil', { when: format.instant(endpoint.previousSecretUntil) }),
          },
        ]
      : []),
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-1.5 text-sm">
      {facts.map(({ term, detail }) => (
        <div key={term}>
          <dt className="text-2xs text-quiet">{term}</dt>
          <dd>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
