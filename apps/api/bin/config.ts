import { z } from 'zod';

const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off'])
  .transform((text) => text === 'true' || text === '1' || text === 'on');
const port = z.coerce.number().int().min(1).max(65_535);

/** What the api and the worker need; read once, here. Every name stands in docs/configuration.md. */
const processEnvironment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }),
  PORT: port.default(4400),
  PUBLIC_URL: z.url().optional(),
  AUTH_SECRET: z.string().min(32, 'must be at least 32 characters'),
  STRIPE_SECRET_KEY: z.string().min(1).optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
  ALLOW_LIVE: flag.default(false),
  PSP_SANDBOX_PORT: port.default(4410),
  PSP_SANDBOX_SECRET_KEY: z.string().min(1).default('sk_test_sandbox'),
  PSP_SANDBOX_WEBHOOK_SECRET: z.string().min(1).default('whsec_sandbox'),
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().min(50).max(120_000).default(30_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Whether webhooks may go to this very machine, over plain http too: for demos only. */
  ALLOW_LOCAL_WEBHOOKS: flag.default(false),
  WEBHOOK_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(8),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
});

export type ProcessConfig = z.infer<typeof processEnvironment>;

/** Reads the environment of an api or worker process. Throws an Error with one sentence that names each variable at fault. */
export function readConfig(environment: NodeJS.ProcessEnv): ProcessConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = processEnvironment.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Error(`The settings cannot be used: ${faults.join('; ')}.`);
}

/** Ends the process with one sentence on standard error and no stack trace. */
export function exitWith(error: unknown): never {
  console.error(`countersign: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** Runs `stop` once, on the first of SIGINT, SIGTERM, or the end of the process that started us. */
export function onStop(stop: () => Promise<void>): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => exitWith(error),
    );
  };
  process.on('SIGINT', once);
  process.on('SIGTERM', once);
  process.on('disconnect', once);
}

/** How long work that is under way may take to end after an error that nobody caught: longer than a provider may take. */
const LAST_WORK_MS = 45_000;

/**
 * An error that nobody caught, a connection that broke inside a library for instance, ends the process, but in order: `stop`
 * takes no new work and lets what is under way end, so that a request on the wire still hears its answer.
 */
export function onUncaught(tell: (error: unknown) => void, stop: () => Promise<void>): void {
  let ending = false;
  const end = (error: unknown) => {
    tell(error);
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), LAST_WORK_MS).unref();
    stop().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
