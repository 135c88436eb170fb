import { paths } from '../paths.ts';

/** A link whose words are an id: the line is drawn under the id itself, which a box of its own keeps from inheriting it. */
export const ID_LINK =
  'rounded-xs -outline-offset-2 [&_code]:underline [&_code]:decoration-line-strong [&_code]:underline-offset-2 hover:[&_code]:decoration-current';

interface Subject {
  kind: string;
  id: string;
}

/** The screen that shows what an event is about; null where there is none, or where the thing never came to be. */
export function subjectPath({ kind, id }: Subject) {
  if (kind === 'payout' && id.startsWith('po_')) return paths.payout(id);
  if (kind === 'override' && id.startsWith('ov_')) return paths.override(id);
  if (kind === 'break' && id.startsWith('br_')) return paths.break(id);
  if (kind === 'run' && id.startsWith('rr_')) return paths.run(id);
  if (kind === 'bulk_run' && id.startsWith('bu_')) return paths.bulkRun(id);
  if (kind === 'webhook_endpoint' && id.startsWith('we_')) return paths.webhook(id);
  if (kind === 'settlement_file' && id.startsWith('sf_')) return paths.files({ panel: id });
  return null;
}

/** The same, told from the id alone: for ids inside a record. */
export function pathOfId(id: string) {
  const kinds = {
    po: 'payout',
    ov: 'override',
    br: 'break',
    rr: 'run',
    sf: 'settlement_file',
    bu: 'bulk_run',
  } as const;
  const prefix = id.slice(0, id.indexOf('_'));
  return Object.hasOwn(kinds, prefix) ? subjectPath({ kind: kinds[prefix as keyof typeof kinds], id }) : null;
}
