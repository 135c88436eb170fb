/** Every background task and the payload it takes. Names are part of the contract with operations (`design`: jobs keep their names). */
export interface TaskPayloads {
  'payout.send': { attemptId: string };
  'payout.check': { attemptId: string };
  detect_stuck_finance_jobs: Record<string, never>;
  daily_reconciliation_report: { on?: string };
  'override.expire': Record<string, never>;
}

export type TaskName = keyof TaskPayloads;

export const CRONTAB = `
* * * * * detect_stuck_finance_jobs ?max=1&jobKey=detect_stuck_finance_jobs
15 5 * * * daily_reconciliation_report ?max=3&jobKey=daily_reconciliation_report
*/5 * * * * override.expire ?max=1&jobKey=override.expire
`;
