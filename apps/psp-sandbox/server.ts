import { resolve } from 'node:path';
import { type SandboxSettings, startSandbox } from './sandbox.ts';
import { type FaultSchedule, readFaultSchedule } from './schedule.ts';

/** The only reader of the environment. README.md lists the variables. */
function readSettings(env: NodeJS.ProcessEnv): SandboxSettings {
  const number = (name: string, fallback: number, least = 0, most = 2_147_483_647): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
    if (value >= least && value <= most) return value;
    throw new Error(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  };
  const webhookUrl = env.PSP_SANDBOX_WEBHOOK_URL ?? 'http://127.0.0.1:4400/webhooks/stripe';
  if (webhookUrl !== '' && !URL.canParse(webhookUrl)) {
    throw new Error(`PSP_SANDBOX_WEBHOOK_URL must be a URL, not "${webhookUrl}".`);
  }
  return {
    port: number('PSP_SANDBOX_PORT', 4410, 0, 65_535),
    dataFolder: resolve(env.PSP_SANDBOX_DATA || '.data/psp-sandbox'),
    secretKey: env.PSP_SANDBOX_SECRET_KEY || 'sk_test_sandbox',
    webhooks: {
      url: webhookUrl === '' ? null : webhookUrl,
      secret: env.PSP_SANDBOX_WEBHOOK_SECRET || 'whsec_sandbox',
      backoffMs: number('PSP_SANDBOX_WEBHOOK_BACKOFF_MS', 1_000, 1),
      timeoutMs: number('PSP_SANDBOX_WEBHOOK_TIMEOUT_MS', 10_000, 1),
    },
    pace: {
      submitMs: number('PSP_SANDBOX_SUBMIT_MS', 1_000),
      settleMs: number('PSP_SANDBOX_SETTLE_MS', 20_000),
      returnMs: number('PSP_SANDBOX_RETURN_MS', 30_000),
    },
    lateMs: number('PSP_SANDBOX_LATE_WEBHOOK_MS', 60_000),
    slowMs: number('PSP_SANDBOX_SLOW_MS', 15_000),
    schedule: scheduleOf(env.PSP_SANDBOX_SCHEDULE),
    realNow: Date.now,
  };
}

function scheduleOf(text: string | undefined): FaultSchedule | null {
  if (text === undefined || text === '') return null;
  try {
    return readFaultSchedule(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof SyntaxError ? 'it is not JSON.' : error instanceof Error ? error.message : String(error);
    throw new Error(`PSP_SANDBOX_SCHEDULE cannot be used: ${why}`);
  }
}

function sentence(error: unknown, port: string): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is taken; stop what listens there, or set PSP_SANDBOX_PORT to another port.`;
  }
  return error instanceof Error ? error.message : String(error);
}

try {
  const sandbox = await startSandbox(readSettings(process.env));
  console.log(`psp-sandbox listening on ${sandbox.url}`);
  const stop = (): void => {
    // The handlers go first, so that a second Ctrl-C ends a stop that takes too long.
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    process.removeListener('disconnect', stop);
    sandbox.stop().catch((error: unknown) => {
      console.error('psp-sandbox: could not stop cleanly:', error);
      process.exitCode = 1;
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Whoever started us with a channel is gone, however it went.
  process.on('disconnect', stop);
} catch (error) {
  console.error(`psp-sandbox: ${sentence(error, process.env.PSP_SANDBOX_PORT ?? '4410')}`);
  process.exitCode = 1;
}
