import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const CONFIG = new URL('./config.ts', import.meta.url).href;

/** Runs a program that works on something when an error comes that nobody catches. */
function end(thrown: string): { status: number | null; said: string[] } {
  const program = `
    import { onUncaught } from ${JSON.stringify(CONFIG)};
    const under = new Promise((resolve) => setTimeout(() => resolve(console.log('the work under way ended')), 50));
    onUncaught((error) => console.log('told: ' + error.message), () => under);
    ${thrown}
  `;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { status, said: stdout.trim().split('\n') };
}

test.each([
  ['an exception', `setTimeout(() => { throw new Error('connection lost'); }, 0);`],
  ['a rejection', `Promise.reject(new Error('connection lost'));`],
])('%s that nobody caught ends the process after the work that was under way, as a failure', (_, thrown) => {
  expect(end(thrown)).toEqual({ status: 1, said: ['told: connection lost', 'the work under way ended'] });
});

test('more of them while it ends are told, and end nothing twice', () => {
  const both = `Promise.reject(new Error('first')); Promise.reject(new Error('second'));`;
  expect(end(both)).toEqual({ status: 1, said: ['told: first', 'told: second', 'the work under way ended'] });
});
