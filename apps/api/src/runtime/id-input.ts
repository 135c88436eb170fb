import { z } from 'zod';
import { type IdKind, parseId } from '../core/ids.ts';

/** Reads a TypeID of one kind (`po_…`) from a wire into its uuid. */
export function idInput(kind: IdKind) {
  return z.string().transform((id, context) => {
    const uuid = parseId(kind, id);
    if (uuid !== null) return uuid;
    context.addIssue({ code: 'custom', message: `not an id of a ${kind}` });
    return z.NEVER;
  });
}
