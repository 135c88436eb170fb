import { toId } from '../../src/core/ids.ts';
import { canMove, type PayoutStatus } from '../../src/payouts/payout.ts';
import type { AuditLine, Snapshot, TimelineLine } from './checker.ts';

/**
 * What happened without a trace, or left a trace without having happened:
 *
 * - a payout that is there without exactly one `payout.requested`;
 * - a timeline line that no audit event of the same payout, instant and actor stands beside (both are written in one
 *   transaction, with one `now`);
 * - a timeline whose statuses do not join to the payout's own, step by legal step;
 * - a send, or a journal entry, that the timeline does not tell of;
 * - a command whose key has a result, and not exactly one event that says it was done.
 *
 * Numbers that `seq` leaves out are no gap: a rolled back transaction and a crashed server both leave some.
 */
export function auditGaps(snapshot: Snapshot): string[] {
  const done = snapshot.audit.filter((line) => line.outcome === 'done');
  return [
    ...unaskedPayouts(snapshot, done),
    ...untoldLines(snapshot, done),
    ...brokenTimelines(snapshot),
    ...uncountedSends(snapshot),
    ...untoldEntries(snapshot),
    ...commandsWithoutEvent(snapshot, done),
    ...repeatedSeq(snapshot),
  ];
}

function unaskedPayouts({ payouts }: Snapshot, done: readonly AuditLine[]): string[] {
  const asked = Map.groupBy(
    done.filter((line) => line.act === 'payout.requested'),
    (line) => line.subjectId,
  );
  return payouts
    .filter((payout) => asked.get(payout.id)?.length !== 1)
    .map((payout) => `${toId('payout', payout.id)}: requested in ${asked.get(payout.id)?.length ?? 0} audit events`);
}

function untoldLines({ timeline }: Snapshot, done: readonly AuditLine[]): string[] {
  const told = new Set(
    done.filter((line) => line.subjectKind === 'payout').map((line) => momentOf(line.subjectId, line)),
  );
  return timeline
    .filter((line) => !told.has(momentOf(line.payoutId, line)))
    .map((line) => `${toId('payout', line.payoutId)}: "${line.kind}" at ${line.at.toISOString()} has no audit event`);
}

function momentOf(payoutId: string | null, { at, actorLabel }: Pick<AuditLine, 'at' | 'actorLabel'>): string {
  return `${payoutId} ${at.getTime()} ${actorLabel}`;
}

function brokenTimelines({ payouts, timeline }: Snapshot): string[] {
  const moves = Map.groupBy(
    timeline.filter((line) => line.to !== null),
    (line) => line.payoutId,
  );
  return payouts.flatMap((payout) => {
    const id = toId('payout', payout.id);
    let status: string | null = null;
    for (const line of moves.get(payout.id) ?? []) {
      if (line.from !== status) return [`${id}: "${line.kind}" goes from ${line.from}, and it was ${status}`];
      if (status !== null && !canMove(status as PayoutStatus, line.to as PayoutStatus)) {
        return [`${id}: "${line.kind}" went from ${status} to ${line.to}, which no payout may`];
      }
      status = line.to;
    }
    return status === payout.status ? [] : [`${id}: ${payout.status}, and its timeline ends at ${status}`];
  });
}

function uncountedSends({ attempts, timeline }: Snapshot): string[] {
  const told = new Map<string, number>();
  for (const line of timeline) {
    if (line.kind === 'send_started' && line.attemptId) told.set(line.attemptId, (told.get(line.attemptId) ?? 0) + 1);
  }
  return attempts
    .filter((attempt) => attempt.sendCount !== (told.get(attempt.id) ?? 0))
    .map(
      (attempt) =>
        `${toId('attempt', attempt.id)}: sent ${attempt.sendCount} times, told of ${told.get(attempt.id) ?? 0}`,
    );
}

function untoldEntries({ postings, timeline }: Snapshot): string[] {
  const told = new Map<string, TimelineLine>();
  for (const line of timeline) if (line.entryId) told.set(line.entryId, line);
  const entries = new Map(postings.filter(({ payoutId }) => payoutId).map((line) => [line.entryId, line]));
  return [
    ...[...entries.values()]
      .filter((entry) => told.get(entry.entryId)?.payoutId !== entry.payoutId)
      .map(({ entryId }) => `entry ${entryId}: no line of its payout's timeline names it`),
    ...[...told.keys()]
      .filter((entryId) => !entries.has(entryId))
      .map((entryId) => `entry ${entryId}: the timeline names it, and it is not there`),
  ];
}

function commandsWithoutEvent({ keys }: Snapshot, done: readonly AuditLine[]): string[] {
  const events = Map.groupBy(
    done.filter((line) => line.idempotencyKey !== null),
    (line) => `${line.actorKey} ${line.idempotencyKey}`,
  );
  const carriedOut = new Set(keys.map(({ actor, key }) => `${actor} ${key}`));
  return [
    ...keys
      .filter(({ actor, key }) => events.get(`${actor} ${key}`)?.length !== 1)
      .map(
        ({ actor, key, operation }) =>
          `${operation} under ${key}: carried out once, ${events.get(`${actor} ${key}`)?.length ?? 0} audit events`,
      ),
    ...[...events.keys()]
      .filter((of) => !carriedOut.has(of))
      .map((of) => `an audit event says that ${of} was done, and its key has no result`),
  ];
}

function repeatedSeq({ audit }: Snapshot): string[] {
  const seen = new Set<bigint>();
  return audit.flatMap(({ seq }) => {
    if (seen.has(seq)) return [`audit event ${seq} is there twice`];
    seen.add(seq);
    return [];
  });
}
