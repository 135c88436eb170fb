import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { useText } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { type PayoutsSearch, paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field, Input } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { searchOfView, viewSearch } from './view-search.ts';
import type { SavedView } from './view-wire.ts';

interface NameViewDialogProps {
  search: PayoutsSearch;
  /** The view that gets another name; null for a new one. */
  view: SavedView | null;
  onClose: () => void;
}

/** Keeps the desk as it is shown under a name, or gives a view another one. */
export function NameViewDialog({ search, view, onClose }: NameViewDialogProps) {
  const t = useText();
  const may = useMay();
  const navigate = useNavigate();
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const [name, setName] = useState(view?.name ?? '');
  const [team, setTeam] = useState(false);
  const [asked, setAsked] = useState(false);
  const refresh = () => queryClient.invalidateQueries(trpc.views.pathFilter());
  const save = useMutation(trpc.views.save.mutationOptions({ onSettled: refresh }));
  const change = useMutation(trpc.views.change.mutationOptions({ onSettled: refresh }));
  const busy = save.isPending || change.isPending;
  const clean = name.trim();

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (clean === '' || busy) return;
    const said = (title: string): void => {
      toast({ tone: 'done', title });
      onClose();
    };
    if (view) {
      change.mutate(
        { idempotencyKey, input: { id: view.id, version: view.version, name: clean } },
        { onSuccess: () => said(t('views.renamed', { name: clean })) },
      );
      return;
    }
    const input = { name: clean, scope: team ? ('team' as const) : ('private' as const), search: viewSearch(search) };
    save.mutate(
      { idempotencyKey, input },
      {
        onSuccess: ({ slug }) => {
          said(t('views.saved', { name: clean }));
          void navigate({ ...paths.payouts(searchOfView(slug, input.search)), replace: true });
        },
      },
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!busy}
      width="sm"
      title={view ? t('views.renameTitle', { name: view.name }) : t('views.saveTitle')}
      description={view ? undefined : t('views.saveLead')}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="primary" type="submit" form="name-view" busy={busy}>
            {t(view ? 'views.renameDo' : 'views.save')}
          </Button>
        </>
      }
    >
      <form id="name-view" onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label={t('views.name')}
          hint={view ? undefined : t('views.nameHint')}
          error={asked && clean === '' ? t('views.nameNeeded') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              maxLength={80}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                // Another name is another command.
                setKey(mintCommandKey());
              }}
            />
          )}
        </Field>
        {!view && may('view:share') && (
          <Checkbox
            label={t('views.shareField')}
            checked={team}
            onChange={(event) => {
              setTeam(event.target.checked);
              setKey(mintCommandKey());
            }}
          />
        )}
      </form>
      <CommandFailure error={save.error ?? change.error} />
    </Dialog>
  );
}
