/** What a request is answered with, and how much of it reaches the caller. */
export interface Answer {
  how: 'whole' | 'hang' | 'drop' | 'garble';
  status: number;
  /** JSON text. */
  body: string;
  headers: Record<string, string>;
}

/** No answer at all: the connection hangs, or is reset. */
export function noAnswer(how: 'hang' | 'drop'): Answer {
  return { how, status: 0, body: '', headers: {} };
}
