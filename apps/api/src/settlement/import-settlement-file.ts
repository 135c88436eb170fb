import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { type Done, defineOperation, type Operation } from '../runtime/operation.ts';
import { insertFile, receiveAgain, type StoredFile, saveContent } from './settlement.store.ts';
import { type CheckedFile, decideImport } from './settlement-file.ts';

const input = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), filename: z.string().min(1).max(255) });

export interface ImportAnswer {
  /** `already_imported`: this very content came before; nothing was added but the count of its arrivals. */
  outcome: 'imported' | 'already_imported';
  fileId: string;
  filename: string;
  format: string;
  source: string;
  bytes: string;
  lineCount: number;
  periodFrom: string | null;
  periodTo: string | null;
  importedBy: string;
  importedAt: string;
  timesReceived: number;
}

/**
 * Asks whether this caller may send a file at all, before its bytes are taken in. It changes nothing; a no is refused
 * like any command, and so is on the record.
 */
export const offerSettlementFile = defineOperation({
  name: 'settlement.offer',
  permission: 'settlement:import',
  act: 'settlement_file.imported',
  input: z.strictObject({}),
  subject: () => null,
  run: async () => ({ result: null, audit: null }),
});

/**
 * Imports a file that was checked: all of it, in one transaction, or nothing. The same content is imported once,
 * whatever it is called and however many send it at the same time. The command's input is the content's hash and its
 * name; the content itself comes with the operation, since it is far too large to be an input.
 */
export function importSettlementFile(file: CheckedFile): Operation<z.infer<typeof input>, ImportAnswer> {
  return defineOperation({
    name: 'settlement.import',
    permission: 'settlement:import',
    act: 'settlement_file.imported',
    input,
    // It has no id of ours before it is imported; its hash names it in any case.
    subject: ({ sha256 }) => ({ kind: 'settlement_file', id: sha256 }),
    async run({ tx, now, actor }, { sha256 }) {
      if (sha256 !== file.sha256) throw new Error('The operation was made for another file.');
      const known = await receiveAgain(tx, sha256);
      if (known) return answer('already_imported', known, sha256);
      mustNotRefuse(decideImport(file));
      const { format, source } = file;
      if (!format || !source) throw new Error('A file without faults has a format.');

      const { stored, isNew } = await insertFile(tx, { ...file, format, source }, actor.label, now);
      if (!isNew) return answer('already_imported', stored, sha256);
      const kept = await saveContent(tx, stored.id, file.batches());
      if (kept.lines !== file.lineCount || kept.statements !== file.statementCount) {
        throw new Error('The file reads otherwise than when it was checked.');
      }
      return answer('imported', stored, sha256);
    },
  });
}

function answer(outcome: ImportAnswer['outcome'], file: StoredFile, sha256: string): Done<ImportAnswer> {
  const { format, source, filename, lineCount, periodFrom, periodTo, timesReceived } = file;
  return {
    result: {
      outcome,
      fileId: toId('file', file.id),
      filename,
      format,
      source,
      bytes: file.bytes.toString(),
      lineCount,
      periodFrom,
      periodTo,
      importedBy: file.importedBy,
      importedAt: file.importedAt.toISOString(),
      timesReceived,
    },
    audit: {
      subject: { kind: 'settlement_file', id: file.id },
      after: { outcome, sha256, filename, format, source, lineCount, periodFrom, periodTo, timesReceived },
    },
  };
}
