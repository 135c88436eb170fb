import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refused } from '../core/refusal.ts';
import type { LocalDate } from '../core/time.ts';
import type { SettlementBatch } from './settlement-batch.ts';
import { type Fault, FILE_LIMITS, fault } from './settlement-fault.ts';
import { type CheckedFile, widen } from './settlement-file.ts';
import { DETECTION_BYTES, detectFormat, FORMATS } from './settlement-format.ts';

/**
 * A file on its way in, kept on our own disk until it is imported or refused: a slow sender then holds no transaction
 * open, and the file that was checked is the file that is imported.
 */
export interface ReceivedFile {
  filename: string;
  sha256: string;
  bytes: number;
  /** Up to DETECTION_BYTES from its start. */
  head: Uint8Array;
  read(): AsyncIterable<Uint8Array>;
}

/** Longest name that is kept. */
const NAME_CHARS = 255;

/**
 * Takes a file in, below `dir`, for as long as `work` needs it; nothing of it stays on the disk after that. Throws
 * Refused `too_large` beyond the limit, and what `source`, the disk or `work` throws.
 */
export async function withReceivedFile<T>(
  source: AsyncIterable<Uint8Array>,
  filename: string,
  dir: string,
  work: (file: ReceivedFile) => Promise<T>,
): Promise<T> {
  await mkdir(dir, { recursive: true });
  const folder = await mkdtemp(join(dir, 'settlement-'));
  try {
    return await work(await takeIn(source, filename, join(folder, 'file')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeIn(source: AsyncIterable<Uint8Array>, filename: string, path: string): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  const start: Uint8Array[] = [];
  let bytes = 0;
  async function* measured() {
    for await (const chunk of source) {
      if (bytes < DETECTION_BYTES) start.push(chunk.slice(0, DETECTION_BYTES - bytes));
      bytes += chunk.byteLength;
      if (bytes > FILE_LIMITS.bytes) throw new Refused('too_large', { limit: String(FILE_LIMITS.bytes) });
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(measured, createWriteStream(path, { mode: 0o600 }));
  return {
    filename: plainName(filename),
    sha256: hash.digest('hex'),
    bytes,
    head: Buffer.concat(start),
    read: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  };
}

/** Reads the whole file and says what it is and what is wrong with it. `progress` is told the bytes read so far. */
export async function checkFile(file: ReceivedFile, progress?: (bytes: number) => void): Promise<CheckedFile> {
  const { filename, sha256, bytes } = file;
  const format = detectFormat(file.head, filename);
  const faults: Fault[] = [];
  let [lineCount, statementCount] = [0, 0];
  let period: [LocalDate | null, LocalDate | null] = [null, null];
  const batches = (tell?: (bytes: number) => void) =>
    format ? FORMATS[format].read(counted(file.read(), tell)) : nothing();

  if (!format) faults.push(fault(bytes === 0 ? 'file_empty' : 'format_unknown', null));
  let faultCount = faults.length;
  for await (const batch of batches(progress)) {
    for (const line of batch.lines) period = widen(period, line.bookedOn ?? line.valueOn);
    for (const statement of batch.statements) period = widen(period, statement.fromOn, statement.toOn);
    lineCount += batch.lines.length;
    statementCount += batch.statements.length;
    faults.push(...batch.faults);
    faultCount = batch.faultCount;
  }
  const [periodFrom, periodTo] = period;
  const source = format && FORMATS[format].source;
  return {
    filename,
    sha256,
    bytes,
    format,
    source,
    lineCount,
    statementCount,
    periodFrom,
    periodTo,
    faults,
    faultCount,
    batches,
  };
}

/** The name without folders and without what cannot be shown or stored. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return (
    last
      .replace(/[\p{Cc}\p{Cs}]/gu, '')
      .slice(-NAME_CHARS)
      .trim() || 'unnamed'
  );
}

async function* counted(source: AsyncIterable<Uint8Array>, tell?: (bytes: number) => void) {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    yield chunk;
    tell?.(bytes);
  }
}

async function* nothing(): AsyncGenerator<SettlementBatch, void> {
  yield* [];
}
