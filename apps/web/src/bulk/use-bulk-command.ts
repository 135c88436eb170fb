import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure, whyNot } from '../lib/failure.ts';
import { text, useText } from '../lib/i18n.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import type { WhyNot } from '../ui/button.tsx';
import { toast } from '../ui/toast.tsx';
import { useSinglePress } from '../ui/use-single-press.ts';
import type { BulkDetail } from './bulk-wire.ts';

const refresh = () => queryClient.invalidateQueries(trpc.bulk.pathFilter());

/** A button's command, ready to be pressed: what stops it, whether it is on its way, and what came instead of an answer. */
export interface BulkCommand {
  press: () => void;
  busy: boolean;
  whyNot: WhyNot | null;
  error: unknown;
}

type Move = 'pause' | 'resume' | 'cancel' | 'discard';

const SAID = {
  pause: 'bulk.toast.paused',
  resume: 'bulk.toast.resumed',
  cancel: 'bulk.toast.canceled',
  discard: 'bulk.toast.discarded',
} as const satisfies Record<Move, string>;

/** Pauses, resumes, cancels or puts away. One key for as long as the button is there: a double press is one command. */
export function useMoveBulk({ run, can }: BulkDetail, move: Move): BulkCommand {
  const t = useText();
  const [idempotencyKey] = useState(mintCommandKey);
  const mutation = useMutation(
    trpc.bulk[move].mutationOptions({
      onSuccess: () => toast({ tone: 'done', title: text()(SAID[move]) }),
      onSettled: refresh,
    }),
  );
  const press = useSinglePress(mutation.mutate);
  return {
    press: () => press({ idempotencyKey, input: { runId: run.id } }),
    busy: mutation.isPending,
    whyNot: isLost(mutation.error) ? null : whyNot(t, can[move]),
    error: mutation.error,
  };
}

/** Starts what the preview froze. `typed` is the number as the person typed it, or null where none is asked for. */
export function useConfirmBulk({ run, version }: BulkDetail, typed: number | null): Omit<BulkCommand, 'whyNot'> {
  const [idempotencyKey] = useState(mintCommandKey);
  const confirm = useMutation(
    trpc.bulk.confirm.mutationOptions({
      onSuccess: () => toast({ tone: 'done', title: text()('bulk.toast.confirmed') }),
      onSettled: refresh,
    }),
  );
  const press = useSinglePress(confirm.mutate);
  return {
    // After a lost answer it may run already: only the same key and input can tell.
    press: () =>
      press(
        confirm.variables && isLost(confirm.error)
          ? confirm.variables
          : { idempotencyKey, input: { runId: run.id, version, count: typed } },
      ),
    busy: confirm.isPending,
    error: confirm.error,
  };
}

/** Has what failed previewed again, and goes to that preview. */
export function useRetryFailed({ run, can }: BulkDetail): BulkCommand {
  const t = useText();
  const navigate = useNavigate();
  const [idempotencyKey, setKey] = useState(mintCommandKey);
  const retry = useMutation(
    trpc.bulk.retryFailed.mutationOptions({
      onSuccess({ runId }) {
        setKey(mintCommandKey());
        void navigate(paths.bulkRun(runId));
      },
      onSettled: refresh,
    }),
  );
  const press = useSinglePress(retry.mutate);
  return {
    press: () => press({ idempotencyKey, input: { runId: run.id } }),
    busy: retry.isPending,
    whyNot: isLost(retry.error) ? null : whyNot(t, can.retryFailed),
    error: retry.error,
  };
}

function isLost(error: unknown): boolean {
  return error !== null && error !== undefined && readFailure(error).kind === 'fault';
}
