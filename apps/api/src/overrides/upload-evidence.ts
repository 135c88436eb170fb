import { createHash } from 'node:crypto';
import { z } from 'zod';
import { mustNotRefuse } from '../core/refusal.ts';
import { defineOperation } from '../runtime/operation.ts';
import { keepEvidence } from './evidence.store.ts';
import { decideEvidence, evidenceName, evidenceTypeOf } from './evidence.ts';

/** What the dialog needs to attach the file. */
export interface UploadedEvidence {
  sha256: string;
  filename: string;
  mediaType: string;
  bytes: number;
}

/**
 * Keeps a file as evidence, under its SHA-256. Run it without an idempotency key: the content is its own, and the same file
 * sent twice is one row, whoever sends it.
 */
export const uploadEvidence = defineOperation({
  name: 'evidence.upload',
  permission: 'evidence:upload',
  act: 'evidence.uploaded',
  input: z.strictObject({
    filename: z.string().max(1_000),
    /** What the sender says it is; the bytes decide. */
    mediaType: z.string().max(200),
    content: z.instanceof(Uint8Array),
  }),
  subject: () => null,
  async run({ tx, actor, now }, { content, filename, mediaType: declared }) {
    mustNotRefuse(decideEvidence(content, declared));
    const sha256 = createHash('sha256').update(content).digest('hex');
    const mediaType = evidenceTypeOf(content, declared) ?? 'application/octet-stream';
    const offered = { sha256, filename: evidenceName(filename), mediaType, bytes: content.byteLength };
    const { kept, isNew } = await keepEvidence(tx, { ...offered, uploadedBy: actor.label, uploadedAt: now }, content);
    const result: UploadedEvidence = {
      sha256,
      filename: kept.filename,
      mediaType: kept.mediaType,
      bytes: kept.bytes,
    };
    return { result, audit: isNew ? { subject: { kind: 'evidence', id: sha256 }, after: result } : null };
  },
});
