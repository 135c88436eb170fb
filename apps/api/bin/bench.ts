import { benchOperation } from './benches/operation.ts';
import { benchQueue } from './benches/queue.ts';
import { benchWeb } from './benches/web.ts';

/** One measurement: prints what it sees, and one JSON object as the last line. */
const BENCHES: Record<string, (args: readonly string[]) => Promise<Record<string, unknown>>> = {
  operation: benchOperation,
  queue: benchQueue,
  web: benchWeb,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench) {
  console.log(JSON.stringify({ bench: name, ...(await bench(args)) }));
} else {
  console.error(`Say which: npm run bench -- <${Object.keys(BENCHES).join(' | ')}>.`);
  process.exitCode = 2;
}
