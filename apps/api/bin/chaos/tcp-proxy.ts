import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import { CALM, type Fate } from './agenda.ts';

/** A TCP proxy on loopback whose connections die, wait and stall as they are told. */
export interface TcpProxy {
  port: number;
  /** Resets every open connection. */
  cut(): void;
  /** Lets nothing pass for `ms`; then everything, late. */
  stall(ms: number): void;
  /** Refuses new connections and resets open ones for `ms`. */
  refuse(ms: number): Promise<void>;
  /** From now on connections are left alone, except for those that are under way. */
  calm(): void;
  close(): Promise<void>;
  /** How many connections there were. */
  count(): number;
}

interface Pair {
  near: Socket;
  far: Socket | null;
}

/** Opens a proxy to the port that `target` names for each new connection. `fate` says what becomes of the nth. */
export async function openTcpProxy(target: () => number, fate: (n: number) => Fate): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let n = 0;
  let calm = false;
  let stalledUntil = 0;
  let refusing: Promise<void> = Promise.resolve();

  const reset = (pair: Pair): void => {
    pairs.delete(pair);
    pair.near.resetAndDestroy();
    pair.far?.resetAndDestroy();
  };
  const accept = (near: Socket): void => {
    const { delayMs, dieAfterSent, dieAfterAnswered } = calm ? CALM : fate(n++);
    const pair: Pair = { near, far: null };
    pairs.add(pair);
    near.on('error', () => reset(pair));
    near.on('close', () => reset(pair));
    if (dieAfterSent === 0) {
      reset(pair);
      return;
    }
    const join = (): void => {
      if (near.destroyed) return;
      // A timer may ring a moment early, and another stall may have begun meanwhile.
      if (Date.now() < stalledUntil) {
        setTimeout(join, stalledUntil - Date.now());
        return;
      }
      const far = tcpConnect(target(), '127.0.0.1');
      pair.far = far;
      far.setNoDelay(true);
      near.setNoDelay(true);
      far.on('error', () => reset(pair));
      // What the server said last still has to arrive; a reset here would swallow it.
      far.on('close', () => near.end());
      pass(near, far, dieAfterSent, () => reset(pair));
      pass(far, near, dieAfterAnswered, () => reset(pair));
      // A stall may have paused it while it waited to be joined.
      near.resume();
    };
    setTimeout(join, Math.max(delayMs, stalledUntil - Date.now()));
  };

  const release = (): void => {
    const left = stalledUntil - Date.now();
    if (left > 0) setTimeout(release, left);
    else pairs.forEach(resumeBoth);
  };

  const server = createServer({ noDelay: true }, accept);
  const port = await listen(server, 0);
  return {
    port,
    cut: () => pairs.forEach(reset),
    stall: (ms) => {
      stalledUntil = Math.max(stalledUntil, Date.now() + ms);
      pairs.forEach(pauseBoth);
      setTimeout(release, ms);
    },
    refuse: (ms) => {
      // One refusal after the other: a server that is closed cannot be closed again.
      refusing = refusing.then(async () => {
        await shut(server, pairs, reset);
        await new Promise((resolve) => setTimeout(resolve, ms));
        await listen(server, port);
      });
      return refusing;
    },
    calm: () => {
      calm = true;
    },
    close: async () => {
      await refusing;
      await shut(server, pairs, reset);
    },
    count: () => n,
  };
}

/** Hands on what comes, up to `limit` bytes; then calls `die`. A limit of 0 dies at the first byte, which is not handed on. */
function pass(from: Socket, to: Socket, limit: number | null, die: () => void): void {
  let left = limit ?? Number.POSITIVE_INFINITY;
  from.on('data', (chunk: Buffer) => {
    if (chunk.length > left) {
      die();
      return;
    }
    left -= chunk.length;
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => to.end());
}

function pauseBoth({ near, far }: Pair): void {
  near.pause();
  far?.pause();
}

function resumeBoth({ near, far }: Pair): void {
  // Before it is joined nobody listens to it: what came in would be lost.
  if (!far) return;
  near.resume();
  far.resume();
}

async function shut(server: Server, pairs: Set<Pair>, reset: (pair: Pair) => void): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  pairs.forEach(reset);
  await closed;
}

/** Listens on the port, or on a free one for 0; tries again while the port is still being given up. */
async function listen(server: Server, port: number): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.removeListener('error', reject);
          resolve();
        });
      });
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    } catch (error) {
      if (tries >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
