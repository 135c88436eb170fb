import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Refused } from '../../src/core/refusal.ts';
import { systemClock } from '../../src/core/time.ts';
import { type Problem, problemOf, requestInfo } from '../../src/runtime/http.ts';
import { execute } from '../../src/runtime/operation.ts';
import { type ImportAnswer, importSettlementFile } from '../../src/settlement/import-settlement-file.ts';
import { checkFile, withReceivedFile } from '../../src/settlement/received-file.ts';
import type { CheckedFile } from '../../src/settlement/settlement-file.ts';
import type { CliCommand, CliContext } from '../cli-context.ts';

const SOURCES = ['provider', 'bank'];

/** `import <file> [--source provider|bank]`: a settlement file, whole or not at all; every bad line is named. */
export const importCommand: CliCommand = {
  name: 'import',
  usage: 'import <file> [--source provider|bank]',
  summary: 'a settlement file: Stripe or Adyen CSV, camt.052/053/054, MT940/942, BAI2, NACHA returns',
  async run(args, { db, actor, json }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { source: { type: 'string' } },
    });
    const [named, ...more] = positionals;
    if (named === undefined || more.length > 0) throw new Error('Say which file to import: import <file>.');
    if (values.source !== undefined && !SOURCES.includes(values.source)) {
      throw new Error(`There is no source "${values.source}"; there are ${SOURCES.join(', ')}.`);
    }
    const path = fromWhereTyped(named);
    const bar = progressBar(await sizeOf(path));
    return await withReceivedFile(createReadStream(path), path, tmpdir(), async (received) => {
      const file = await checkFile(received, bar);
      bar.end();
      if (values.source !== undefined && file.source !== null && file.source !== values.source) {
        throw new Error(`This is a file of the ${file.source}, not of the ${values.source}. Nothing was imported.`);
      }
      return importChecked(file, { db, actor, json });
    });
  },
};

/** Returns the exit code. */
async function importChecked(file: CheckedFile, { db, actor, json }: CliContext): Promise<number> {
  const call = { actor, now: systemClock(), request: requestInfo(null), idempotencyKey: null };
  try {
    const { result } = await execute(db, importSettlementFile(file), call, {
      sha256: file.sha256,
      filename: file.filename,
    });
    console.log(json ? JSON.stringify(await report(file, result)) : sentence(result));
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (json) console.log(JSON.stringify(await report(file, null, problemOf(error.refusal, 'cli'))));
    tellRefusal(error, file);
    return 1;
  }
}

function sentence(answer: ImportAnswer): string {
  if (answer.outcome === 'already_imported') {
    const when = answer.importedAt.slice(0, 16).replace('T', ' ');
    return `This very file was imported on ${when} UTC by ${answer.importedBy} as ${answer.fileId}. Nothing was added; it has come ${answer.timesReceived} times.`;
  }
  const period = answer.periodFrom ? `, ${answer.periodFrom} to ${answer.periodTo}` : '';
  return `Imported ${answer.lineCount} lines of ${answer.filename} as ${answer.fileId} (${answer.source}${period}).`;
}

/** What was read, for machines: amounts are strings of minor units. Of a file with faults it is what could be read; it was refused whole. */
async function report(file: CheckedFile, answer: ImportAnswer | null, error?: Problem) {
  const statements = [];
  for await (const batch of file.batches()) {
    for (const statement of batch.statements) {
      statements.push({
        account: statement.account,
        currency: statement.currency,
        opening_minor: statement.openingMinor?.toString() ?? null,
        closing_minor: statement.closingMinor?.toString() ?? null,
        entries: statement.entries,
        credits_minor: statement.creditsMinor.toString(),
        debits_minor: statement.debitsMinor.toString(),
      });
    }
  }
  return {
    outcome: answer?.outcome ?? 'refused',
    ...(answer ? { file_id: answer.fileId, imported_at: answer.importedAt, times_received: answer.timesReceived } : {}),
    format: file.format,
    source: file.source,
    file_sha256: file.sha256,
    statements,
    lines: file.lineCount,
    faults: file.faults.map(({ line, code, text }) => ({ line, code, text })),
    fault_count: file.faultCount,
    ...(error ? { error } : {}),
  };
}

function tellRefusal(refused: Refused, file: CheckedFile): void {
  const { faults, faultCount } = file;
  const problem = problemOf(refused.refusal, 'cli');
  for (const { line, text } of faults) console.error(line === null ? text : `line ${line}: ${text}`);
  if (faultCount > faults.length) console.error(`and ${faultCount - faults.length} more`);
  console.error(
    faultCount > 0
      ? `countersign: ${file.filename} was not imported: ${faultCount} ${faultCount === 1 ? 'fault' : 'faults'}.`
      : `countersign: ${problem.title}`,
  );
}

/** `npm run` changes to the workspace's root; a relative path means the folder in which the person typed it. */
function fromWhereTyped(path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return script === 'cli' && typedIn ? resolve(typedIn, path) : path;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Error(`There is no file ${path}, or it may not be read.`);
  if (!found.isFile()) throw new Error(`${path} is not a file.`);
  return found.size;
}

/** Shows on a terminal how much of a file is read; elsewhere it is silent. */
function progressBar(size: number): ((bytes: number) => void) & { end(): void } {
  const terminal = process.stderr.isTTY === true;
  let shown = -1;
  const show = (bytes: number) => {
    const percent = size === 0 ? 100 : Math.floor((100 * bytes) / size);
    if (!terminal || percent === shown) return;
    shown = percent;
    const filled = Math.floor(percent / 4);
    process.stderr.write(`\rreading ${'█'.repeat(filled)}${'░'.repeat(25 - filled)} ${String(percent).padStart(3)} %`);
  };
  return Object.assign(show, { end: () => void (terminal && process.stderr.write('\r\u001b[K')) });
}
