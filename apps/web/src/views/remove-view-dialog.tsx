import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { type PayoutsSearch, paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { toast } from '../ui/toast.tsx';
import { viewSearch } from './view-search.ts';
import type { SavedView } from './view-wire.ts';

interface RemoveViewDialogProps {
  view: SavedView;
  search: PayoutsSearch;
  onClose: () => void;
}

/** Asked once more, because a link that others use may stop working. */
export function RemoveViewDialog({ view, search, onClose }: RemoveViewDialogProps) {
  const t = useText();
  const navigate = useNavigate();
  const [idempotencyKey] = useState(mintCommandKey);
  const remove = useMutation(
    trpc.views.remove.mutationOptions({
      onSuccess: () => {
        toast({ tone: 'done', title: t('views.removed', { name: view.name }) });
        onClose();
        void navigate({ ...paths.payouts(viewSearch(search)), replace: true });
      },
      onSettled: () => queryClient.invalidateQueries(trpc.views.pathFilter()),
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!remove.isPending}
      width="sm"
      title={t('views.removeTitle', { name: view.name })}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            tone="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate({ idempotencyKey, input: { id: view.id, version: view.version } })}
          >
            {t('views.removeDo')}
          </Button>
        </>
      }
    >
      <p>
        {t('views.removeLead')} {view.scope === 'team' && t('views.removeTeam')}
      </p>
      <CommandFailure error={remove.error} />
    </Dialog>
  );
}
