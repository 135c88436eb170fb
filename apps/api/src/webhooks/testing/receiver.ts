import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ReceiverAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Bytes without end after the head, until the other side hangs up. */
  endless?: true;
}

/** What a receiver does with a request: answers, never does, or hangs up. */
export type Behaviour = (received: Received) => ReceiverAnswer | 'silence' | 'hang_up';

export interface Receiver {
  url: string;
  received: Received[];
  behave: (behaviour: Behaviour) => void;
  stop(): Promise<void>;
}

/** A subscriber's server: real HTTP on this machine. It answers 200 until it is told to do otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let behaviour: Behaviour = () => ({ status: 200 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { path: request.url ?? '', headers: request.headers, body };
      received.push(one);
      const answer = behaviour(one);
      if (answer === 'silence') return;
      if (answer === 'hang_up') return request.socket.destroy();
      response.writeHead(answer.status, answer.headers);
      if (answer.endless) {
        const pour = () => {
          while (response.write('0123456789abcdef'.repeat(256)));
        };
        response.on('drain', pour);
        pour();
      } else response.end(answer.body);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    behave: (next) => {
      behaviour = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
