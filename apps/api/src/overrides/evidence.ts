import { type Refusal, refusal } from '../core/refusal.ts';

/** The largest file that is taken as evidence, bytes. */
export const EVIDENCE_MAX_BYTES = 5 * 1024 * 1024;

/** How many files one override may carry. */
export const EVIDENCE_MAX_FILES = 10;

/** Kinds of files that are taken, by media type. */
const BINARY_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
const TEXT_TYPES = ['text/csv', 'text/plain', 'application/xml', 'message/rfc822'] as const;
type EvidenceType = (typeof BINARY_TYPES)[number] | (typeof TEXT_TYPES)[number];

const SIGNATURES: readonly (readonly [(typeof BINARY_TYPES)[number], readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
];

/**
 * What a file is by its bytes, never by its name; null when it is nothing that is taken. Texts of different kinds begin
 * alike, so among them the type that the browser declared decides, unless the bytes contradict it. A declared picture or
 * PDF whose bytes say otherwise is refused: somebody renamed it, or it was damaged on the way.
 */
export function evidenceTypeOf(content: Uint8Array, declared: string): EvidenceType | null {
  const binary = SIGNATURES.find(([, signature]) => signature.every((byte, i) => content[i] === byte))?.[0] ?? null;
  const said = declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (binary) return BINARY_TYPES.some((type) => type === said && type !== binary) ? null : binary;
  if (BINARY_TYPES.some((type) => type === said) || !isText(content)) return null;
  const start = new TextDecoder('latin1').decode(content.subarray(0, 512)).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '');
  if (/^<\?xml\s/.test(start)) return 'application/xml';
  // The header of a mail begins with a field; a browser often does not know the type.
  if (/^(received|return-path|from|to|date|subject|message-id|mime-version|delivered-to):\s/i.test(start)) {
    return said === 'text/plain' || said === 'text/csv' ? said : 'message/rfc822';
  }
  return said === 'text/csv' || said === 'application/vnd.ms-excel' ? 'text/csv' : 'text/plain';
}

/** No control characters but white space: so in every ASCII-based encoding, and in none of the archives, programs and UTF-16. */
function isText(content: Uint8Array): boolean {
  return content.every((byte) => (byte >= 0x20 ? byte !== 0x7f : byte >= 0x09 && byte <= 0x0d));
}

/** Whether the file may be kept as evidence. */
export function decideEvidence(content: Uint8Array, declared: string): Refusal | null {
  if (content.byteLength > EVIDENCE_MAX_BYTES) return refusal('too_large', { limit: String(EVIDENCE_MAX_BYTES) });
  if (content.byteLength === 0) return refusal('malformed', { field: 'content', problem: 'the file is empty' });
  return evidenceTypeOf(content, declared)
    ? null
    : refusal('unsupported_media_type', { declared: declared.slice(0, 100) });
}

/** A file name without folders and without what cannot be shown, at most 200 characters; `evidence` when nothing is left. */
export function evidenceName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const shown = last
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return [...shown].slice(-200).join('') || 'evidence';
}
