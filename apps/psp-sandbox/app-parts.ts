import type { HttpBindings } from '@hono/node-server';
import { bodyLimit } from 'hono/body-limit';
import type { Execution } from './create-payout.ts';
import type { Idempotency } from './idempotency.ts';
import { ProviderError } from './provider-error.ts';
import type { Scheduler } from './scheduler.ts';

/** Everything that the routes need, made once in sandbox.ts. */
export interface AppParts {
  execution: Execution;
  idempotency: Idempotency;
  scheduler: Scheduler;
  secretKey: string;
}

export type AppEnv = { Bindings: HttpBindings; Variables: { requestId: string } };

/** Refuses bodies above `bytes` with a 413 in the provider's words. */
export function limitBody(bytes: number): ReturnType<typeof bodyLimit> {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new ProviderError(413, `The request body exceeds ${bytes} bytes.`);
    },
  });
}
