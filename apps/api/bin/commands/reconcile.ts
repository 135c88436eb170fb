import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { addDays, systemClock, utcDate } from '../../src/core/time.ts';
import { RUNNABLE_KINDS, runReconciliation } from '../../src/reconciliation/run-reconciliation.ts';
import { requestInfo } from '../../src/runtime/http.ts';
import { execute } from '../../src/runtime/operation.ts';
import type { CliCommand } from '../cli-context.ts';

/** `reconcile --kind settlement --on 2026-11-20`: one run, as the daily job does it. Exit code 1 when the run is red. */
export const reconcileCommand: CliCommand = {
  name: 'reconcile',
  usage: 'reconcile --kind settlement [--on 2026-11-20]',
  summary: 'compare the sources of a day (default: yesterday, UTC)',
  async run(args, { db, actor, json }) {
    const { values } = parseArgs({ args: [...args], options: { kind: { type: 'string' }, on: { type: 'string' } } });
    const kind = RUNNABLE_KINDS.find((known) => known === values.kind);
    if (!kind) throw new Error(`--kind is one of ${RUNNABLE_KINDS.join(', ')}.`);
    const now = systemClock();
    const call = { actor, now, request: requestInfo(null), idempotencyKey: randomUUID() };
    const { result } = await execute(db, runReconciliation, call, { kind, on: values.on ?? addDays(utcDate(now), -1) });
    if (json) {
      console.log(JSON.stringify(result));
    } else {
      const breaks = Object.entries(result.breaks).map(([outcome, count]) => `${count} ${outcome}`);
      console.log(
        `${result.runId}  ${result.kind} ${result.on}  ${result.status}  ${result.risk ?? 'no open break'}  ${breaks.join(', ')}`,
      );
    }
    return result.status === 'done' ? 0 : 1;
  },
};
