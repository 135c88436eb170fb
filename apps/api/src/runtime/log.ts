import pino from 'pino';

export type Log = pino.Logger;

/** Structured log on standard output. Secrets and money destinations are never put in; `redact` is a second fence. */
export function openLog(name: string, level = 'info'): Log {
  return pino({
    name,
    level,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.secret'],
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
