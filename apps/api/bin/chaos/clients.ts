import { randomOf } from '../../../../prisma/seed/prng.ts';
import { type PlannedRequest, plannedRequest } from './requests.ts';

/** What the machine API answered 2xx to. */
export interface Accepted {
  idempotencyKey: string;
  /** `po_…`, as answered. */
  payoutId: string;
  amountMinor: number;
  currency: string;
}

export interface ClientsAnswer {
  accepted: Accepted[];
  /** Requests that the api refused although nothing was wrong with them, and changed ones that it took. */
  surprises: string[];
  /** Requests that were given up at the end of the time. */
  givenUp: string[];
  /** HTTP requests in all. */
  sent: number;
}

const CLIENTS = 6;
const PATIENCE_MS = 4_000;

/**
 * Asks for `count` payouts over about `overMs`, from several clients that repeat a request under its key until they have an
 * answer, on either api. Resolves when each has one, or `until` has passed.
 */
export async function askForPayouts(ask: {
  seed: number;
  count: number;
  overMs: number;
  /** Unix milliseconds. */
  until: number;
  /** The ports of the apis, through the proxies. */
  ports: readonly number[];
  apiKey: string;
}): Promise<ClientsAnswer> {
  const answer: ClientsAnswer = { accepted: [], surprises: [], givenUp: [], sent: 0 };
  const startedAt = Date.now();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < ask.count) {
      const n = next++;
      const dueAt = startedAt + (n / ask.count) * ask.overMs;
      await sleep(dueAt - Date.now());
      const request = plannedRequest(ask.seed, n);
      const random = randomOf(`chaos client ${ask.seed} ${n}`);
      const persist = () => untilAnswered(request, ask, random, answer);
      await Promise.all(request.twice ? [persist(), persist()] : [persist()]);
      if (request.changed) await mustBeRefused(request, ask, random, answer);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return answer;
}

type Ask = Parameters<typeof askForPayouts>[0];
type Picks = { pick<T>(from: readonly T[]): T; int(low: number, high: number): number };

async function untilAnswered(request: PlannedRequest, ask: Ask, random: Picks, answer: ClientsAnswer): Promise<void> {
  for (let waitMs = 50; Date.now() < ask.until; waitMs = Math.min(waitMs * 2, 1_000)) {
    const said = await post(request.body, request.idempotencyKey, random.pick(ask.ports), ask, answer);
    if (said?.payoutId) {
      const { idempotencyKey, amountMinor, currency } = request;
      answer.accepted.push({ idempotencyKey, payoutId: said.payoutId, amountMinor, currency });
      return;
    }
    // In flight, or a fault of the api's own: the same again. Anything else is a refusal of a good request.
    if (said && said.status !== 409 && said.status < 500) {
      answer.surprises.push(`${request.idempotencyKey}: HTTP ${said.status} ${said.text.slice(0, 200)}`);
      return;
    }
    await sleep(random.int(waitMs / 2, waitMs));
  }
  answer.givenUp.push(request.idempotencyKey);
}

async function mustBeRefused(request: PlannedRequest, ask: Ask, random: Picks, answer: ClientsAnswer): Promise<void> {
  const body = { ...request.body, amount_minor: String(request.amountMinor + 1) };
  const said = await post(body, request.idempotencyKey, random.pick(ask.ports), ask, answer);
  if (said?.payoutId) answer.surprises.push(`${request.idempotencyKey}: another amount was taken under the same key`);
}

/** One HTTP request; null when no answer came. */
async function post(
  body: Record<string, unknown>,
  idempotencyKey: string,
  port: number,
  { apiKey }: Ask,
  answer: ClientsAnswer,
): Promise<{ status: number; text: string; payoutId: string | null } | null> {
  answer.sent += 1;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/payouts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': `"${idempotencyKey}"`,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const payoutId = response.ok ? (JSON.parse(text) as { id: string }).id : null;
    return { status: response.status, text, payoutId };
  } catch {
    return null;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
