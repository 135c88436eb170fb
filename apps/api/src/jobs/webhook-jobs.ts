import type { Tx } from '../runtime/db.ts';

export interface DeliveryJob {
  deliveryId: string;
  endpointId: string;
  /** What is to be told in turn shares one: the payout's uuid. */
  lane: string;
  runAt?: Date;
}

/** How many requests one endpoint gets at once at most: the others must not wait for one that is slow. */
const LANES_PER_ENDPOINT = 2;

/**
 * Gives deliveries to the worker, in one statement. One waiting job a delivery: asked for again, it comes at the new time.
 * When the next try comes is the delivery's own schedule; the queue repeats only a job that itself broke down.
 */
export async function enqueueDeliveries(tx: Tx, jobs: readonly DeliveryJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `SELECT graphile_worker.add_job('webhook.deliver', payload := json_build_object('deliveryId', job.delivery_id),
       queue_name := job.queue, run_at := job.run_at, max_attempts := 8, job_key := 'webhook.deliver:' || job.delivery_id)
     FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS job (delivery_id, queue, run_at)`,
    [
      jobs.map((job) => job.deliveryId),
      jobs.map((job) => `webhook:${job.endpointId}:${laneNumber(job.lane)}`),
      jobs.map((job) => job.runAt ?? null),
    ],
  );
}

/** From the last digits of a uuid, which are random. */
function laneNumber(uuid: string): number {
  return Number.parseInt(uuid.slice(-4), 16) % LANES_PER_ENDPOINT;
}
