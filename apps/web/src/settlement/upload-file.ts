import type { Refusal } from '@countersign/api/src/core/refusal.ts';
import type { ImportAnswer } from '@countersign/api/src/settlement/import-settlement-file.ts';
import type { Fault } from '@countersign/api/src/settlement/settlement-fault.ts';

/** What became of a file that was sent. */
export type UploadOutcome =
  | { kind: 'imported' | 'already_imported'; file: ImportAnswer }
  /** Nothing of it was imported. `faults` are the first of `faultCount`. */
  | { kind: 'refused'; refusal: Refusal; faults: readonly Fault[]; faultCount: number; reference: string | null }
  /** The answer was lost, so whether it was imported is not known. */
  | { kind: 'unknown'; reference: string | null }
  | { kind: 'canceled' };

interface Upload {
  file: File;
  /** Minted when the file was chosen: sending it again after a lost answer is the same command. */
  idempotencyKey: string;
  /** Bytes that have left so far. */
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a file as the body of one request. XMLHttpRequest, because fetch does not tell how far an upload is. Never
 * rejects: every way it can go is an outcome.
 */
export function uploadFile({ file, idempotencyKey, onProgress, signal }: Upload): Promise<UploadOutcome> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/settlement-files?filename=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('idempotency-key', idempotencyKey);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = () => resolve({ kind: 'unknown', reference: null });
    request.onabort = () => resolve({ kind: 'canceled' });
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Reads the answer of `POST /api/settlement-files`. What is neither its answer nor its refusal leaves the outcome unknown. */
export function readAnswer(status: number, text: string): UploadOutcome {
  const body = parse(text);
  if ((status === 200 || status === 201) && (body.outcome === 'imported' || body.outcome === 'already_imported')) {
    return { kind: body.outcome, file: body as unknown as ImportAnswer };
  }
  const reference = typeof body.requestId === 'string' ? body.requestId : null;
  if (status >= 400 && status < 500 && typeof body.code === 'string') {
    const faults = Array.isArray(body.faults) ? (body.faults as Fault[]) : [];
    return {
      kind: 'refused',
      refusal: { code: body.code as Refusal['code'], ...(isParams(body.params) ? { params: body.params } : {}) },
      faults,
      faultCount: typeof body.faultCount === 'number' ? body.faultCount : faults.length,
      reference,
    };
  }
  return { kind: 'unknown', reference };
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // A proxy's page instead of our answer.
    return {};
  }
}

function isParams(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}
