import { randomUUID } from 'node:crypto';
import { type APIRequestContext, expect, type Page } from '@playwright/test';

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

/** Signs in by the form, as a person would, and waits for the console. */
export async function signIn(page: Page, who: DemoPerson): Promise<void> {
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
