import { parseId } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import type { Tx } from '../runtime/db.ts';
import type { Match } from './settlement-input.ts';

/** A clean match with the day it belongs to. */
export interface DatedMatch extends Match {
  on: LocalDate;
  /** Public ids. */
  payoutIds: readonly string[];
}

/**
 * Makes the matches of `lineIds` exactly these: what is there stays, what no longer holds goes (a second debit has come),
 * what is new is written. A line is claimed once per pair of sources; the table's key says so as well.
 */
export async function saveMatches(
  tx: Tx,
  runId: string,
  lineIds: readonly bigint[],
  matches: readonly DatedMatch[],
): Promise<void> {
  const { rows: before } = await tx.query<{ id: bigint; pair: string; lines: string[]; payouts: string[] }>(
    `SELECT m.id, c.pair, array_agg(c.line_id::text ORDER BY c.line_id) AS lines, m.agreed -> 'payouts' AS payouts
     FROM recon_match m JOIN recon_match_line c ON c.match_id = m.id
     WHERE m.kind = 'settlement'
       AND m.id IN (SELECT match_id FROM recon_match_line WHERE line_id = ANY($1))
     GROUP BY m.id, c.pair`,
    [lineIds],
  );
  const wanted = new Map(matches.map((match) => [identityOf(match), match]));
  const gone: bigint[] = [];
  for (const { id, pair, lines, payouts } of before) {
    if (!wanted.delete(matchIdentity(pair, lines, payouts))) gone.push(id);
  }
  if (gone.length > 0) {
    await tx.query('DELETE FROM recon_match_line WHERE match_id = ANY($1)', [gone]);
    await tx.query('DELETE FROM recon_match WHERE id = ANY($1)', [gone]);
  }
  const fresh = [...wanted.values()];
  if (fresh.length === 0) return;
  const { rows: ids } = await tx.query<{ id: bigint }>(
    `SELECT nextval(pg_get_serial_sequence('recon_match', 'id')) AS id FROM generate_series(1, $1)`,
    [fresh.length],
  );
  const rows = fresh.map((match, at) => ({
    id: ids[at]?.id.toString(),
    on: match.on,
    rule: match.rule,
    agreed: { pair: match.side, facts: match.agreed, payouts: uuidsOf(match.payoutIds) },
    payout: match.payoutIds.length === 1 ? (uuidsOf(match.payoutIds)[0] ?? null) : null,
    lines: lineIdsOf(match),
  }));
  await tx.query(
    `INSERT INTO recon_match (id, kind, period_on, run_id, rule, agreed, payout_id)
     SELECT id, 'settlement', "on", $2, rule, agreed, payout
     FROM json_to_recordset($1) AS m (id bigint, "on" date, rule text, agreed jsonb, payout uuid)`,
    [JSON.stringify(rows), runId],
  );
  await tx.query(
    `INSERT INTO recon_match_line (line_id, pair, match_id)
     SELECT l.value::bigint, m.agreed ->> 'pair', m.id
     FROM json_to_recordset($1) AS m (id bigint, agreed jsonb, lines jsonb), jsonb_array_elements_text(m.lines) l`,
    [JSON.stringify(rows)],
  );
}

function identityOf(match: DatedMatch): string {
  return matchIdentity(match.side, lineIdsOf(match), uuidsOf(match.payoutIds));
}

function matchIdentity(pair: string, lines: readonly string[], payouts: readonly string[]): string {
  return [pair, [...lines].sort().join(), [...payouts].sort().join()].join(' ');
}

/** Lines of files only: items of the ledger are named by their payouts. */
function lineIdsOf(match: Match): string[] {
  return [...match.providerKeys, ...match.bankKeys];
}

function uuidsOf(payoutIds: readonly string[]): string[] {
  return payoutIds.flatMap((id) => parseId('payout', id) ?? []);
}
