import { nameMatches } from '@countersign/api/src/core/person-name.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Textarea } from '../ui/field.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import { type Draft, keepDraft, readDraft } from './drafts.ts';
import { insertName, noteParts, type Typing, typingAt } from './note-text.ts';
import { optionId, PeopleOptions, type PersonOption } from './people-options.tsx';

const LONGEST = 4_000;
/** From here on the room that is left is said. */
const NEARLY = 3_800;
const MOST_SHOWN = 6;

/** Where a note is written: `@` picks whom it names, Ctrl or ⌘ with Enter sends it. What was written stays until it is kept. */
export function NoteComposer({ row }: { row: PayoutRow }) {
  const t = useText();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const caretAfter = useRef<number | null>(null);
  const [draft, setDraft] = useState(() => readDraft(row.id));
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const [said, setSaid] = useState('');
  const picker = useNamePicker(draft, row.can.note === null);

  const change = (next: Draft): void => {
    setDraft(next);
    keepDraft(row.id, next);
    setSaid('');
    // Another text is another note: the key of one whose answer was lost stays with that one.
    setKey(mintCommandKey());
    if (note.isError) note.reset();
  };
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    field.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  });

  const note = useMutation(
    trpc.payouts.note.mutationOptions({
      onSuccess() {
        change({ text: '', picked: [] });
        setSaid(t('collab.notes.sent'));
        field.current?.focus();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.payouts.pathFilter()),
    }),
  );
  const press = useSinglePress(note.mutate);
  const body = draft.text.trim();
  const left = LONGEST - body.length;
  const send = (): void => {
    if (body === '' || left < 0 || row.can.note !== null || note.isPending) return;
    const named = new Set(noteParts(body, draft.picked).flatMap(({ person }) => (person ? [person.id] : [])));
    press({ idempotencyKey, input: { payoutId: row.id, body, mentions: [...named] } });
  };
  const pick = (option: PersonOption): void => {
    const person = picker.people.find((one) => one.id === option.id);
    if (!person || !picker.typing) return;
    const { text, caret } = insertName(draft.text, picker.typing, person.name);
    caretAfter.current = caret;
    picker.follow(text, caret);
    change({ text, picked: [...draft.picked.filter((one) => one.id !== person.id), person] });
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (picker.open) {
      const option = picker.options[picker.active];
      if (event.key === 'ArrowDown') picker.move(1);
      else if (event.key === 'ArrowUp') picker.move(-1);
      else if ((event.key === 'Enter' || event.key === 'Tab') && option) pick(option);
      else if (event.key === 'Escape') picker.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
  };

  const listId = `${id}-people`;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="sr-only">
        {t('collab.notes.field')}
      </label>
      <Textarea
        ref={field}
        id={id}
        rows={2}
        value={draft.text}
        placeholder={t('collab.notes.placeholder')}
        disabled={row.can.note !== null}
        aria-describedby={`${id}-hint`}
        aria-invalid={left < 0 || undefined}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={picker.open ? listId : undefined}
        aria-activedescendant={picker.open && picker.options.length > 0 ? optionId(listId, picker.active) : undefined}
        onChange={(event) => {
          change({ ...draft, text: event.target.value });
          picker.follow(event.target.value, event.target.selectionStart);
        }}
        onSelect={(event) => picker.follow(event.currentTarget.value, event.currentTarget.selectionStart)}
        onBlur={picker.close}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-60 min-h-14"
      />
      {picker.open && (
        <PeopleOptions
          id={listId}
          label={t('collab.notes.people')}
          options={picker.options}
          active={picker.active}
          onPick={pick}
          onPoint={picker.point}
          className="rounded-md border border-line-strong bg-panel p-1 shadow-float"
        />
      )}
      <div className="flex flex-wrap items-start justify-end gap-x-3 gap-y-1.5">
        <p id={`${id}-hint`} className="min-w-44 flex-1 text-xs text-quiet">
          {left < 0
            ? t('collab.notes.tooLong', { count: -left })
            : body.length >= NEARLY
              ? t('collab.notes.long', { count: left })
              : t('collab.notes.hint')}
        </p>
        <Button kbd="mod+Enter" busy={note.isPending} whyNot={whyNot(t, row.can.note)} onClick={send}>
          {t('collab.notes.send')}
        </Button>
      </div>
      <span role="status" className="sr-only">
        {picker.open ? t('collab.notes.found', { count: picker.options.length }) : said}
      </span>
      <CommandFailure error={note.error} />
    </div>
  );
}

/** The list that `@` opens: who could be meant by what is typed, and which of them Enter takes. */
function useNamePicker(draft: Draft, allowed: boolean) {
  const t = useText();
  const [typing, setTyping] = useState<Typing | null>(null);
  const [active, setActive] = useState(0);
  // Names are fetched when the first @ is typed, not with every panel.
  const wanted = allowed && draft.text.includes('@');
  const people = useQuery({ ...trpc.people.mentionable.queryOptions({ limit: 500 }), enabled: wanted }).data ?? [];
  const found = typing ? people.filter(({ name }) => nameMatches(name, typing.query)).slice(0, MOST_SHOWN) : [];
  const options: PersonOption[] = found.map(({ id, name, initials, roles }) => ({
    id,
    label: name,
    initials,
    hint: roles.map((role) => t(`shell.roles.${role}`)).join(', '),
  }));
  const open = options.length > 0;
  return {
    people,
    typing,
    options,
    open,
    active: Math.min(active, Math.max(0, options.length - 1)),
    follow(text: string, caret: number) {
      const next = typingAt(
        text,
        caret,
        (query) => people.length === 0 || people.some((p) => nameMatches(p.name, query)),
      );
      if (next?.start !== typing?.start || next?.query !== typing?.query) setActive(0);
      setTyping(next);
    },
    move: (step: number) => setActive((active + step + options.length) % options.length),
    point: setActive,
    close: () => setTyping(null),
  };
}
