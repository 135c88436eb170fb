import type { Role } from '@countersign/api/src/core/actor.ts';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { Mark } from '../ui/status-mark.tsx';
import type { OverrideDetail } from './override-wire.ts';

/** Who decided what so far, with the roles that they held then. */
export function DecisionList({ decisions }: { decisions: OverrideDetail['decisions'] }) {
  const t = useText();
  const format = useFormat();
  if (decisions.length === 0) return <p className="text-quiet">{t('overrides.page.noDecisions')}</p>;
  return (
    <ol className="flex flex-col gap-2">
      {decisions.map((made) => {
        const approved = made.decision === 'approve';
        return (
          <li key={made.id} className="grid grid-cols-[9px_minmax(0,1fr)] gap-x-2.5">
            <span className="mt-[5px]">
              <Mark shape={approved ? 'dot' : 'square'} tone={approved ? 'safe' : 'high'} />
            </span>
            <div>
              <p>
                {t(approved ? 'overrides.page.approvedBy' : 'overrides.page.rejectedBy', { name: made.checker.name })}{' '}
                <span className="text-quiet">
                  {t('overrides.page.as', {
                    roles: made.roles.map((role) => t(`shell.roles.${role as Role}`)).join(', '),
                  })}{' '}
                  · <time dateTime={made.at}>{format.instant(made.at)}</time>
                </span>
              </p>
              {made.reason && <p className="break-words whitespace-pre-wrap text-ink-2">{made.reason}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
