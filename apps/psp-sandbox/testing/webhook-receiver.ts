import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that the receiver got, as it came. */
interface ReceivedWebhook {
  rawBody: string;
  signature: string;
  event: { id: string; type: string; created: number; data: { object: { id: string; status: string } } };
}

/** A real HTTP server that keeps the webhooks it gets. */
export interface WebhookReceiver {
  url: string;
  /** Resolves with the first `count` webhooks, once that many have come. */
  first(count: number): Promise<ReceivedWebhook[]>;
  /** The statuses to answer with, in turn; 200 when they have run out. */
  answerWith(statuses: number[]): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const waiting = new Set<() => void>();
  let statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks).toString('utf8');
    received.push({
      rawBody,
      signature: String(request.headers['stripe-signature']),
      event: JSON.parse(rawBody) as ReceivedWebhook['event'],
    });
    response.writeHead(statuses.shift() ?? 200).end();
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`,
    first: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return;
          waiting.delete(check);
          resolve(received.slice(0, count));
        };
        waiting.add(check);
        check();
      }),
    answerWith: (next) => {
      statuses = [...next];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
