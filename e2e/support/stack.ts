import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test';

export type DemoPerson = 'viewer' | 'ops' | 'ops2' | 'finance' | 'approver' | 'approver2' | 'admin';

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run through playwright.config.ts.`);
  return value;
};

export const baseUrl = need('E2E_BASE_URL');
export const password = need('E2E_PASSWORD');
const sandboxUrl = `http://127.0.0.1:${need('E2E_SANDBOX_PORT')}`;
const apiKey = need('E2E_API_KEY');

/** Sessions that this process has opened. Sign-ins are limited to thirty a minute from one address, and stories are faster. */
const sessions = new Map<DemoPerson, Awaited<ReturnType<BrowserContext['cookies']>>>();

/** Comes with a session of that person, opened by the form unless an earlier story's still holds, and waits for the console. */
export async function signIn(page: Page, who: DemoPerson): Promise<void> {
  const known = sessions.get(who);
  if (known) {
    await page.context().addCookies(known);
    await page.goto('/');
    await page.waitForURL((url) => url.pathname !== '/');
    if (!new URL(page.url()).pathname.startsWith('/sign-in')) return;
  }
  await signInByForm(page, who);
  sessions.set(who, await page.context().cookies());
}

/** Signs in by the form, as a person would, and waits for the console. */
export async function signInByForm(page: Page, who: DemoPerson): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(/e-mail|e-posta/i).fill(`${who}@countersign.test`);
  await page.getByRole('textbox', { name: /password|parola|şifre/i }).fill(password);
  await page.getByRole('button', { name: /^(sign in|giriş yap|oturum aç)/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

export interface NewPayout {
  amountMinor: number;
  currency?: string;
  rail?: string;
  holder?: string;
  fault?: string;
}

/** Asks for a payout as a machine does: `POST /v1/payouts`. Returns its id. */
export async function requestPayout(request: APIRequestContext, payout: NewPayout): Promise<string> {
  const response = await request.post(`${baseUrl}/v1/payouts`, {
    headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': `"${randomUUID()}"` },
    data: {
      kind: 'payout',
      party: 'nordlicht',
      amount_minor: String(payout.amountMinor),
      currency: payout.currency ?? 'EUR',
      rail: payout.rail ?? 'instant',
      destination: {
        holder: payout.holder ?? 'Story GmbH',
        bank: 'Testbank',
        masked: 'DE•• 4410',
        country: 'DE',
        token: 'ba_story',
      },
      metadata: payout.fault ? { sandbox_fault: payout.fault } : {},
    },
  });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

export interface PaidTotals {
  debits: number;
  returns: number;
  paid_twice: boolean;
}

/** What the provider's own books say of a payout of ours: how often money left for it. */
export async function sandboxBooks(request: APIRequestContext, payoutId: string): Promise<PaidTotals> {
  const response = await request.get(`${sandboxUrl}/__sandbox/books?payout_id=${payoutId}`);
  expect(response.ok()).toBe(true);
  const books = (await response.json()) as { totals: { by_payout: (PaidTotals & { payout_id: string })[] } };
  return (
    books.totals.by_payout.find((row) => row.payout_id === payoutId) ?? { debits: 0, returns: 0, paid_twice: false }
  );
}

/** The payout as machines read it. */
export async function payoutStatus(request: APIRequestContext, payoutId: string): Promise<string> {
  const response = await request.get(`${baseUrl}/v1/payouts/${payoutId}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  expect(response.ok()).toBe(true);
  return ((await response.json()) as { status: string }).status;
}

/** Kills the api's process as a machine that loses power would (`kill -9`): whoever listens on its port. */
export function killApi(): void {
  const { port } = new URL(baseUrl);
  const holders = listeners(port);
  if (holders.length === 0) throw new Error(`nobody listens on ${port}`);
  for (const pid of holders) process.kill(pid, 'SIGKILL');
}

/** The processes that listen on a port, as lsof knows it, or Linux's own tables where there is none. */
function listeners(port: string): number[] {
  try {
    return execFileSync('lsof', ['-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return listenersOnLinux(Number(port));
  }
}

const TCP_LISTEN = '0A';

function listenersOnLinux(port: number): number[] {
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === TCP_LISTEN && Number.parseInt(local.split(':')[1] ?? '', 16) === port)
        sockets.add(`socket:[${inode}]`);
    }
  }
  const holds = (pid: string): boolean => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`)));
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && holds(name))
    .map(Number);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
