/** How a request that carried a file ended: an answer, none, or the person stopped it. */
export type SendEnd = { kind: 'answered'; status: number; text: string } | { kind: 'lost' } | { kind: 'canceled' };

interface Sending {
  url: string;
  file: File;
  headers: Readonly<Record<string, string>>;
  /** Bytes that have left so far. */
  onProgress?: (sent: number) => void;
  signal?: AbortSignal;
}

/**
 * Sends a file as the body of one POST. XMLHttpRequest, because fetch does not tell how far an upload is. Never rejects:
 * every way it can go is an end.
 */
export function sendFile({ url, file, headers, onProgress, signal }: Sending): Promise<SendEnd> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress?.(event.loaded);
    request.onload = () => resolve({ kind: 'answered', status: request.status, text: request.responseText });
    request.onerror = () => resolve({ kind: 'lost' });
    request.onabort = () => resolve({ kind: 'canceled' });
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
