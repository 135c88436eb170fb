/** Every background task and the payload it takes. Names are part of the contract with operations (`design`: jobs keep their names). */
export interface TaskPayloads {
  'payout.send': { attemptId: string };
  'payout.check': { attemptId: string };
  detect_stuck_finance_jobs: Record<string, never>;
  daily_reconciliation_report: { on?: string };
  'override.expire': Record<string, never>;
}

export type TaskName = keyof TaskPayloads;

/** When tasks run by themselves (UTC). One waiting job a task: a late worker does not find a pile. */
export const SCHEDULE: readonly { task: TaskName; match: string; maxAttempts: number }[] = [
  { task: 'detect_stuck_finance_jobs', match: '* * * * *', maxAttempts: 1 },
  { task: 'daily_reconciliation_report', match: '15 5 * * *', maxAttempts: 3 },
  { task: 'override.expire', match: '*/5 * * * *', maxAttempts: 1 },
];
