import { useMutation } from '@tanstack/react-query';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, refusalText } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { toast } from '../ui/toast.tsx';
import type { SavedView } from './view-wire.ts';

const refresh = () => queryClient.invalidateQueries(trpc.views.pathFilter());

function sayFailure(error: unknown): void {
  const t = text();
  const failure = readFailure(error);
  if (failure.kind === 'refusal') {
    toast({ tone: 'refused', title: t('views.failed'), body: refusalText(t, failure.refusal) });
  } else {
    toast({ tone: 'unknown', title: t('payouts.acts.outcomeUnknown'), body: t('common.failure.unknown') });
  }
}

/** Changes of a saved view that one press does. Each is told in a toast; none touches a payout. */
export function useViewCommands() {
  const t = useText();
  const change = useMutation(trpc.views.change.mutationOptions({ onError: sayFailure, onSettled: refresh }));
  const ask = (view: SavedView, what: { scope?: SavedView['scope']; search?: Record<string, string> }, done: string) =>
    change.mutate(
      { idempotencyKey: mintCommandKey(), input: { id: view.id, version: view.version, ...what } },
      { onSuccess: () => toast({ tone: 'done', title: done }) },
    );
  return {
    busy: change.isPending,
    update: (view: SavedView, search: Record<string, string>) =>
      ask(view, { search }, t('views.updated', { name: view.name })),
    share: (view: SavedView) => ask(view, { scope: 'team' }, t('views.shared', { name: view.name })),
    unshare: (view: SavedView) => ask(view, { scope: 'private' }, t('views.unshared', { name: view.name })),
  };
}
