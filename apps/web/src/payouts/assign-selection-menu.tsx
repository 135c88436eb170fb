import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useSession } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';
import { Input } from '../ui/field.tsx';
import { Popover, type PopoverTriggerProps } from '../ui/popover.tsx';

interface AssignSelectionMenuProps {
  trigger: ReactElement<PopoverTriggerProps>;
  onAssign: (assigneeId: string | null) => void;
}

const ITEM =
  'flex h-[30px] w-full items-center rounded-sm px-2 text-left hover:bg-sunken focus-visible:bg-sunken -outline-offset-2';

/** Who looks after the selected payouts: me, a colleague, nobody. */
export function AssignSelectionMenu({ trigger, onAssign }: AssignSelectionMenuProps) {
  const t = useText();
  const me = useSession()?.person;
  const [typed, setTyped] = useState('');
  const people = useQuery(trpc.people.assignable.queryOptions({})).data;
  const sought = typed.trim().toLowerCase();
  const others = people?.filter(({ id, name }) => id !== me?.id && name.toLowerCase().includes(sought)) ?? [];
  return (
    <Popover label={t('payouts.selection.assignTitle')} trigger={trigger} align="end" defaultOpen>
      {(close) => {
        const pick = (id: string | null) => () => {
          close();
          onAssign(id);
        };
        return (
          <div className="w-60">
            <Input
              type="search"
              aria-label={t('collab.assign.search')}
              placeholder={t('collab.assign.search')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="mb-1"
            />
            {me && people?.some(({ id }) => id === me.id) && sought === '' && (
              <button type="button" onClick={pick(me.id)} className={ITEM}>
                {t('payouts.selection.me')}
              </button>
            )}
            {others.map(({ id, name }) => (
              <button key={id} type="button" onClick={pick(id)} className={ITEM}>
                <span className="truncate">{name}</span>
              </button>
            ))}
            {sought === '' && (
              <button type="button" onClick={pick(null)} className={ITEM}>
                {t('payouts.selection.nobody')}
              </button>
            )}
          </div>
        );
      }}
    </Popover>
  );
}
