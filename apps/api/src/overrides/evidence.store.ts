import type { Queryable, Tx } from '../runtime/db.ts';

/** What is told of a file without its bytes. */
export interface EvidenceFile {
  /** SHA-256 of the content, lower-case hex: its name everywhere. */
  sha256: string;
  filename: string;
  mediaType: string;
  bytes: number;
  uploadedBy: string;
  uploadedAt: Date;
}

interface EvidenceRow {
  sha256: string;
  filename: string;
  media_type: string;
  bytes: number;
  uploaded_by: string;
  uploaded_at: Date;
}

const COLUMNS = 'sha256, filename, media_type, bytes, uploaded_by, uploaded_at';

/** Keeps a file once: the same content, whatever it is called, is the row that is there. `isNew` tells which. */
export async function keepEvidence(
  tx: Tx,
  file: EvidenceFile,
  content: Uint8Array,
): Promise<{ kept: EvidenceFile; isNew: boolean }> {
  const { rowCount } = await tx.query(
    `INSERT INTO evidence_file (sha256, filename, media_type, bytes, content, uploaded_by, uploaded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sha256) DO NOTHING`,
    [file.sha256, file.filename, file.mediaType, file.bytes, Buffer.from(content), file.uploadedBy, file.uploadedAt],
  );
  if (rowCount > 0) return { kept: file, isNew: true };
  const [kept] = await evidenceFiles(tx, [file.sha256]);
  return { kept: kept ?? file, isNew: false };
}

/** The files of these hashes that are there, in the order asked for. */
export async function evidenceFiles(on: Queryable, hashes: readonly string[]): Promise<EvidenceFile[]> {
  if (hashes.length === 0) return [];
  const { rows } = await on.query<EvidenceRow>(`SELECT ${COLUMNS} FROM evidence_file WHERE sha256 = ANY($1)`, [
    [...hashes],
  ]);
  const found = new Map(rows.map((row) => [row.sha256, fromRow(row)]));
  return hashes.flatMap((hash) => found.get(hash) ?? []);
}

/** A file with its bytes; null when there is none. */
export async function evidenceContent(
  on: Queryable,
  sha256: string,
): Promise<{ file: EvidenceFile; content: Uint8Array } | null> {
  const { rows } = await on.query<EvidenceRow & { content: Buffer }>(
    `SELECT ${COLUMNS}, content FROM evidence_file WHERE sha256 = $1`,
    [sha256],
  );
  return rows[0] ? { file: fromRow(rows[0]), content: new Uint8Array(rows[0].content) } : null;
}

function fromRow(row: EvidenceRow): EvidenceFile {
  return {
    sha256: row.sha256,
    filename: row.filename,
    mediaType: row.media_type,
    bytes: row.bytes,
    uploadedBy: row.uploaded_by,
    uploadedAt: row.uploaded_at,
  };
}
