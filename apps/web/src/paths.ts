/*
 * Every URL of the console is made here: what a link takes (`<Link {...paths.payout(id)}>`) and what `navigate` takes.
 * The shapes of the search parameters are here too; the routes read them with the same names.
 */

export interface PayoutsSearch {
  /** A quick filter: `stuck`, `unconfirmed`, … */
  filter?: string;
  /** Narrower: several values with commas between them. */
  status?: string;
  level?: string;
  cause?: string;
  code?: string;
  rail?: string;
  provider?: string;
  currency?: string;
  /** A party's id. */
  merchant?: string;
  /** A person's id, `me`, or `nobody`. */
  owner?: string;
  kind?: string;
  /** Amounts in major units, as people write them in English: `1000.50`. */
  min?: string;
  max?: string;
  /** How long ago it was asked for: `<24h`, `>7d`. */
  age?: string;
  /** The payout whose panel is open. */
  panel?: string;
  /** A column, with a minus for descending: `-amount`. */
  sort?: string;
  /** Free text: payee, merchant, reference or id. */
  q?: string;
  /** `cause`: the queue folded into groups. */
  group?: string;
  /** The columns shown, with commas between them. */
  cols?: string;
  /** The slug of the saved view that this began with. */
  view?: string;
}

export interface BulkSearch {
  /** Which of its rows are shown: by what became of them, or by what was planned, and why. */
  outcome?: string;
  planned?: string;
  code?: string;
}

export interface WebhookSearch {
  /** The delivery whose panel is open. */
  panel?: string;
  status?: string;
}

export interface ReconciliationSearch {
  panel?: string;
  kind?: string;
}

export interface FilesSearch {
  /** The file whose panel is open. */
  panel?: string;
  /** `provider` or `bank`. */
  source?: string;
}

export interface FileSearch {
  /** The number of the line whose panel is open. */
  panel?: string;
}

export interface RunSearch {
  filter?: string;
  /** The break whose panel is open. */
  panel?: string;
}

export interface OverridesSearch {
  filter?: string;
  panel?: string;
  /** Opens the request dialog for this payout or break. */
  subject?: string;
}

export interface AuditSearch {
  /** The event whose panel is open. */
  panel?: string;
  /** An id of the thing that events are about. */
  subject?: string;
  actor?: string;
  act?: string;
  outcome?: string;
  /** Days, both included. */
  since?: string;
  until?: string;
}

export interface SignInSearch {
  /** Where to go afterwards: a path of this console. */
  from?: string;
}

export const paths = {
  home: () => ({ to: '/' }) as const,
  signIn: (search: SignInSearch = {}) => ({ to: '/sign-in', search }) as const,
  payouts: (search: PayoutsSearch = {}) => ({ to: '/payouts', search }) as const,
  payout: (id: string) => ({ to: '/payouts/$id', params: { id } }) as const,
  /** A saved view, at its short link. */
  view: (slug: string) => ({ to: '/v/$slug', params: { slug } }) as const,
  bulkRuns: () => ({ to: '/bulk' }) as const,
  bulkRun: (id: string, search: BulkSearch = {}) => ({ to: '/bulk/$id', params: { id }, search }) as const,
  controls: () => ({ to: '/controls' }) as const,
  stuckPolicy: () => ({ to: '/controls/stuck-policy' }) as const,
  webhooks: () => ({ to: '/controls/webhooks' }) as const,
  webhook: (id: string, search: WebhookSearch = {}) =>
    ({ to: '/controls/webhooks/$id', params: { id }, search }) as const,
  reconciliation: (search: ReconciliationSearch = {}) => ({ to: '/reconciliation', search }) as const,
  /** A break by its id alone; the page finds the run that shows it. */
  break: (id: string) => ({ to: '/reconciliation', search: { panel: id } }) as const,
  run: (runId: string, search: RunSearch = {}) =>
    ({ to: '/reconciliation/$runId', params: { runId }, search }) as const,
  /** The settlement files that came in, and where new ones are dropped. */
  files: (search: FilesSearch = {}) => ({ to: '/reconciliation/files', search }) as const,
  /** A file's lines. */
  file: (fileId: string, search: FileSearch = {}) =>
    ({ to: '/reconciliation/files/$fileId', params: { fileId }, search }) as const,
  overrides: (search: OverridesSearch = {}) => ({ to: '/overrides', search }) as const,
  /** Asks for an override about a payout or a break. */
  requestOverride: (subject: string) => ({ to: '/overrides', search: { subject } }) as const,
  override: (id: string) => ({ to: '/overrides/$id', params: { id } }) as const,
  audit: (search: AuditSearch = {}) => ({ to: '/audit', search }) as const,
};

/** Only a path of this console: never another site's address, however it is written. */
export function safeReturn(from: string | undefined): string | null {
  return from !== undefined && /^\/(?![/\\])[^\\]*$/.test(from) && !from.startsWith('/sign-in') ? from : null;
}
