import type { BadDay } from './bad-day.ts';
import type { Stranger } from './break-stories.ts';
import { metadataOf } from './provider-news.ts';

/** A payout as `POST /__sandbox/load` takes it. Times are Unix seconds. */
interface SandboxPayout {
  id: string;
  amount: number;
  currency: string;
  status: string;
  created: number;
  moved: boolean;
  failure_code: string | null;
  idempotency_key: string | null;
  settles_at: number | null;
  metadata: Record<string, string>;
}

const unix = (at: Date) => Math.floor(at.getTime() / 1000);

/** The provider's own books of the stories, oldest first: what really happened, also where ours do not know it. */
export function sandboxBooks({ stories, strangers }: Pick<BadDay, 'stories' | 'strangers'>): SandboxPayout[] {
  const books: SandboxPayout[] = stories.flatMap(({ payout, attempts, atProvider }) =>
    atProvider.map(({ id, attemptId, createdAt, amount, status, failureCode, settlesAt }) => ({
      id,
      amount: Number(amount.minor),
      currency: amount.currency.toLowerCase(),
      status,
      created: unix(createdAt),
      moved: true,
      failure_code: failureCode,
      idempotency_key: attempts.find((attempt) => attempt.id === attemptId)?.providerKey ?? '',
      settles_at: settlesAt && unix(settlesAt),
      metadata: metadataOf(payout, attemptId),
    })),
  );
  books.push(...strangers.map(ofStranger));
  return books.sort((a, b) => a.created - b.created);
}

function ofStranger({ id, amount, createdAt, payee }: Stranger): SandboxPayout {
  return {
    id,
    amount: Number(amount.minor),
    currency: amount.currency.toLowerCase(),
    status: 'paid',
    created: unix(createdAt),
    moved: true,
    failure_code: null,
    idempotency_key: null,
    settles_at: null,
    metadata: { payee },
  };
}

/** Loads the books into the sandbox at `url`; what it knows already stays as it is there. Throws when it refuses. */
export async function loadSandbox(url: string, payouts: readonly SandboxPayout[]): Promise<{ loaded: number }> {
  const response = await fetch(new URL('/__sandbox/load', url), { method: 'POST', body: JSON.stringify({ payouts }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`The psp-sandbox did not load the demo's books: HTTP ${response.status} ${text}`);
  return JSON.parse(text) as { loaded: number };
}

/** Whether the sandbox at `url` has any books: it keeps them from start to start, unless somebody emptied them. */
export async function sandboxHasBooks(url: string): Promise<boolean> {
  const response = await fetch(new URL('/__sandbox/books', url));
  if (!response.ok) throw new Error(`The psp-sandbox does not show its books: HTTP ${response.status}.`);
  const { movements } = (await response.json()) as { movements: unknown[] };
  return movements.length > 0;
}
