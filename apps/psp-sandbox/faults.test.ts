import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FAULTS, faultsAskedFor } from './faults.ts';

it('README shows exactly the table in code', async () => {
  const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
  const table = readme.split('<!-- faults -->')[1]?.split('<!-- /faults -->')[0]?.trim().split('\n') ?? [];
  const shown = table.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  expect(shown).toEqual(FAULTS.map(({ amount, name, strikes, means }) => [`${amount}`, `\`${name}\``, strikes, means]));
});

it('gives each fault one name and one amount between 666_001 and 666_099', () => {
  expect(new Set(FAULTS.map((fault) => fault.name)).size).toBe(FAULTS.length);
  expect(new Set(FAULTS.map((fault) => fault.amount)).size).toBe(FAULTS.length);
  for (const { amount } of FAULTS) {
    expect(amount).toBeGreaterThanOrEqual(666_001);
    expect(amount).toBeLessThanOrEqual(666_099);
  }
});

const asked = (amount: number, fault?: string) =>
  faultsAskedFor(amount, new Map(fault === undefined ? [] : [['sandbox_fault', fault]]))?.map(({ name }) => name);

it('chooses by amount, by metadata before the amount, by alias, and several with commas', () => {
  expect(asked(666_022)).toEqual(['timeout_after']);
  expect(asked(666_020)).toBeUndefined();
  expect(asked(666_022, '')).toEqual([]);
  expect(asked(666_022, 'webhook_late')).toEqual(['webhook_late']);
  expect(asked(1, 'absent_after_timeout')).toEqual(['timeout_before']);
  expect(asked(1, 'timeout_after, webhook_dropped')).toEqual(['timeout_after', 'webhook_dropped']);
});

it('refuses a fault that the table does not have', () => {
  expect(() => asked(1, 'timeout_befor')).toThrow('Unknown sandbox fault "timeout_befor"');
});
