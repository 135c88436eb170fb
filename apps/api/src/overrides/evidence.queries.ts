import type { Queryable } from '../runtime/db.ts';
import { evidenceContent } from './evidence.store.ts';

/** A file to hand out; null when there is none under this hash. */
export async function readEvidence(
  on: Queryable,
  sha256: string,
): Promise<{ filename: string; mediaType: string; content: Uint8Array } | null> {
  const found = /^[0-9a-f]{64}$/.test(sha256) ? await evidenceContent(on, sha256) : null;
  return found && { filename: found.file.filename, mediaType: found.file.mediaType, content: found.content };
}
