import { nameMatches } from '@countersign/api/src/core/person-name.ts';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useSession } from '../lib/session.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Floating } from '../ui/floating.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { optionId, PeopleOptions, type PersonOption } from './people-options.tsx';
import { useAssign } from './use-desk-command.ts';

/** Who looks after a payout: `a` opens the choice, Enter takes the first, which is oneself. */
export function AssignButton({ row }: { row: PayoutRow }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const me = useSession()?.person.id;
  const assign = useAssign(row.id, me);
  const { assign: refused } = row.can;
  useShortcut('a', 'act', 'collab.assign.shortcut', refused ? null : () => setOpen(true));
  const close = (): void => setOpen(false);
  return (
    <>
      <Button
        ref={button}
        kbd="a"
        busy={assign.busy}
        whyNot={whyNot(t, refused)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t('collab.assign.button')}
      </Button>
      {open && (
        <Floating label={t('collab.assign.label')} anchor={button} onClose={close} className="w-72 p-1">
          <Choice
            row={row}
            onPick={(person) => {
              close();
              button.current?.focus();
              if (person?.id !== row.assignee?.id) assign.run(person, row.assignee);
            }}
          />
        </Floating>
      )}
    </>
  );
}

const NOBODY = 'nobody';

interface ChoiceProps {
  row: PayoutRow;
  onPick: (person: { id: string; name: string } | null) => void;
}

function Choice({ row, onPick }: ChoiceProps) {
  const t = useText();
  const listId = useId();
  const me = useSession()?.person.id;
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const query = useQuery(trpc.people.assignable.queryOptions({ limit: 500 }));
  const options = optionsOf();
  const at = Math.min(active, options.length - 1);

  function optionsOf(): PersonOption[] {
    const people = query.data ?? [];
    const found = people.filter(({ name }) => nameMatches(name, typed));
    const nobody = nameMatches(t('collab.assign.nobody'), typed)
      ? [{ id: NOBODY, label: t('collab.assign.nobody'), initials: null, chosen: row.assignee === null }]
      : [];
    const person = ({ id, name, initials, roles }: (typeof people)[number]): PersonOption => ({
      id,
      label: id === me ? t('collab.assign.me', { name }) : name,
      initials,
      hint: roles.map((role) => t(`shell.roles.${role}`)).join(', '),
      chosen: id === row.assignee?.id,
    });
    const mine = found.filter(({ id }) => id === me).map(person);
    const others = found.filter(({ id }) => id !== me).map(person);
    // What changes something comes first: oneself, or giving back what is one's own.
    return row.assignee?.id === me ? [...nobody, ...mine, ...others] : [...mine, ...others, ...nobody];
  }

  const pick = ({ id }: PersonOption): void => {
    const person = query.data?.find((one) => one.id === id);
    onPick(person ? { id, name: person.name } : null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (goal !== undefined && options.length > 0) {
      event.preventDefault();
      setActive((goal + options.length) % options.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const option = options[at];
      if (option && query.data) pick(option);
    }
  };

  return (
    <>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? optionId(listId, at) : undefined}
        aria-label={t('collab.assign.search')}
        placeholder={t('collab.assign.search')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        className="mb-1 h-8 w-full rounded-sm border border-line bg-sunken px-2 text-sm focus-visible:outline-offset-0"
      />
      {query.isError ? (
        <ErrorState
          error={query.error}
          {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : query.isPending ? (
        <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 p-2">
          <Bar className="w-40" />
          <Bar className="w-32" />
        </div>
      ) : (
        <>
          <PeopleOptions
            id={listId}
            label={t('collab.assign.label')}
            options={options}
            active={at}
            onPick={pick}
            onPoint={setActive}
          />
          <p role="status" className={options.length === 0 ? 'px-2 py-1.5 text-quiet' : 'sr-only'}>
            {options.length === 0 ? t('collab.assign.none') : ''}
          </p>
        </>
      )}
    </>
  );
}
