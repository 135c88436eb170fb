import { useEffect, useRef, useState } from 'react';
import { mintCommandKey } from '../lib/command-key.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { sendFile } from '../uploads/send-file.ts';
import { readOutcome, type UploadOutcome, uploadUrl } from './upload-file.ts';

/** A file on its way in, or what became of the last one. */
export type Upload =
  | { state: 'idle' }
  /** `sent` of its bytes have left; when all have, the server reads it. */
  | { state: 'sending'; file: File; sent: number }
  | { state: 'ended'; file: File; outcome: UploadOutcome };

/** One file at a time. Leaving the page stops one that is still being sent. */
export function useUpload(onImported: (fileId: string) => void) {
  const [upload, setUpload] = useState<Upload>({ state: 'idle' });
  const stop = useRef<AbortController>(null);
  const last = useRef<{ file: File; idempotencyKey: string }>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async (file: File, idempotencyKey: string): Promise<void> => {
    const controller = new AbortController();
    stop.current = controller;
    last.current = { file, idempotencyKey };
    setUpload({ state: 'sending', file, sent: 0 });
    const end = await sendFile({
      url: uploadUrl(file.name),
      file,
      headers: { 'idempotency-key': idempotencyKey },
      onProgress: (sent) => setUpload({ state: 'sending', file, sent }),
      signal: controller.signal,
    });
    const outcome = readOutcome(end);
    setUpload({ state: 'ended', file, outcome });
    if (outcome.kind === 'imported') onImported(outcome.file.fileId);
    if (outcome.kind !== 'canceled') void queryClient.invalidateQueries(trpc.settlement.pathFilter());
  };

  return {
    upload,
    /** A newly chosen file: a command of its own. */
    start: (file: File) => void run(file, mintCommandKey()),
    /** The same file under the same key, after its answer was lost. */
    again: () => last.current && void run(last.current.file, last.current.idempotencyKey),
    cancel: () => stop.current?.abort(),
    dismiss: () => setUpload({ state: 'idle' }),
  };
}
