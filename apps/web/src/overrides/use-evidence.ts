import type { Refusal } from '@countersign/api/src/core/refusal.ts';
import type { UploadedEvidence } from '@countersign/api/src/overrides/upload-evidence.ts';
import { useEffect, useRef, useState } from 'react';
import { readMembers, readRefusal } from '../uploads/problem.ts';
import { type SendEnd, sendFile } from '../uploads/send-file.ts';

/** The api's own limits (`EVIDENCE_MAX_FILES`, `EVIDENCE_MAX_BYTES`). */
export const EVIDENCE_FILES = 10;
export const EVIDENCE_MEGABYTES = 5;

/** How far a file is. */
export type EvidenceState =
  | { at: 'sending'; share: number }
  | { at: 'kept'; sha256: string }
  | { at: 'refused'; refusal: Refusal }
  /** The answer was lost. Sending it again is safe: the same content is kept once. */
  | { at: 'lost' };

export interface EvidenceItem {
  id: number;
  file: File;
  state: EvidenceState;
}

/** Reads how sending a file of evidence ended. */
export function readEvidenceEnd(end: SendEnd): EvidenceState {
  if (end.kind !== 'answered') return { at: 'lost' };
  const body = readMembers(end.text) as Partial<UploadedEvidence>;
  if (end.status === 201 && typeof body.sha256 === 'string') return { at: 'kept', sha256: body.sha256 };
  const refusal = readRefusal(end.status, body as Record<string, unknown>);
  return refusal ? { at: 'refused', refusal } : { at: 'lost' };
}

/** The files of a request that is being written: each is sent as soon as it is given, and kept under its hash. */
export function useEvidence() {
  const [items, setItems] = useState<readonly EvidenceItem[]>([]);
  const nextId = useRef(1);
  const gone = useRef(new AbortController());
  useEffect(() => {
    const { current } = gone;
    return () => current.abort();
  }, []);

  const update = (id: number, state: EvidenceState): void =>
    setItems((now) => now.map((item) => (item.id === id ? { ...item, state } : item)));

  const send = async ({ id, file }: Pick<EvidenceItem, 'id' | 'file'>): Promise<void> => {
    update(id, { at: 'sending', share: 0 });
    const end = await sendFile({
      url: '/api/evidence',
      file,
      headers: { 'x-filename': encodeURIComponent(file.name) },
      onProgress: (sent) => update(id, { at: 'sending', share: file.size === 0 ? 1 : sent / file.size }),
      signal: gone.current.signal,
    });
    if (end.kind !== 'canceled') update(id, readEvidenceEnd(end));
  };

  return {
    items,
    add(file: File): void {
      const id = nextId.current++;
      setItems((now) => [...now, { id, file, state: { at: 'sending', share: 0 } }]);
      void send({ id, file });
    },
    again: (item: EvidenceItem) => void send(item),
    remove: (id: number) => setItems((now) => now.filter((item) => item.id !== id)),
    /** The hashes of what is kept, in the order in which they were given; the same content counts once. */
    hashes: [...new Set(items.flatMap(({ state }) => (state.at === 'kept' ? [state.sha256] : [])))],
    running: items.some(({ state }) => state.at === 'sending'),
  };
}
