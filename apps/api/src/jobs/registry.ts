/** Every background task and the payload it takes. Names are part of the contract with operations (`design`: jobs keep their names). */
export interface TaskPayloads {
  'payout.send': { attemptId: string };
  'payout.check': { attemptId: string };
  detect_stuck_finance_jobs: Record<string, never>;
  daily_reconciliation_report: { on?: string };
  'override.expire': Record<string, never>;
  /** Retries a payout whose verdict is safe, without a person: only while that attempt is still its last. */
  'payout.retry': { payoutId: string; attemptId: string };
  /** Carries on with a confirmed bulk run. */
  'bulk.run': { runId: string };
  /** Gives the bulk runs that no worker is at to a worker again. */
  'bulk.find_lost': Record<string, never>;
  /** Gives the open payouts the deadlines of the policy in force. */
  'stuck_policy.apply': Record<string, never>;
  /** One try of one webhook delivery. */
  'webhook.deliver': { deliveryId: string };
  /** Gives webhook deliveries whose job was lost a new one. */
  'webhook.sweep': Record<string, never>;
}

export type TaskName = keyof TaskPayloads;

/** When tasks run by themselves (UTC). One waiting job a task: a late worker does not find a pile. */
export const SCHEDULE: readonly { task: TaskName; match: string; maxAttempts: number }[] = [
  { task: 'detect_stuck_finance_jobs', match: '* * * * *', maxAttempts: 1 },
  { task: 'daily_reconciliation_report', match: '15 5 * * *', maxAttempts: 3 },
  { task: 'override.expire', match: '*/5 * * * *', maxAttempts: 1 },
  { task: 'webhook.sweep', match: '* * * * *', maxAttempts: 1 },
  { task: 'stuck_policy.apply', match: '*/10 * * * *', maxAttempts: 3 },
  { task: 'bulk.find_lost', match: '* * * * *', maxAttempts: 1 },
];
