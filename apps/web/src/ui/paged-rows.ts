/*
 * A list of any length, of which only a few pages are in memory. Pages are found again by their cursors, which are short;
 * the rows of a page that is out of sight are put away, and read anew when it comes back. What is shown holds still: a row
 * that left stays in its place, marked, and what is new waits to be asked for (hold-rows.ts says the same for short lists).
 */

/** What the server says of one page now. `complete`: it has been read up to the end of the page as it is shown. */
export interface PageRead<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
  complete: boolean;
}

export type ShownRow<Row> = Row & { gone: boolean };

interface Page<Row> {
  /** Where it begins; null for the first. */
  cursor: string | null;
  /** How many rows it has; 0 while it was never read. */
  count: number;
  firstId: string | undefined;
  lastId: string | undefined;
  /** Null while it is put away, and before it is read. */
  rows: readonly ShownRow<Row>[] | null;
  /** The last answer that was taken in. */
  read: PageRead<Row> | null;
  news: number;
  gone: number;
}

export type Pages<Row> = readonly Page<Row>[];

type Identified = { id: string };

/** A list of which nothing is known yet but where it begins. */
export function noPages<Row>(): Pages<Row> {
  return [unread(null)];
}

function unread(cursor: string | null): Page<never> {
  return { cursor, count: 0, firstId: undefined, lastId: undefined, rows: null, read: null, news: 0, gone: 0 };
}

const presented = new WeakMap<object, object>();

/** The same object for the same row: what has not changed is not drawn again. */
function present<Row extends object>(row: Row): ShownRow<Row> {
  const known = presented.get(row);
  if (known) return known as ShownRow<Row>;
  const made = { ...row, gone: false };
  presented.set(row, made);
  return made;
}

/** Takes in what the server says of the page at `at`. The same answer again changes nothing. */
export function receive<Row extends Identified>(pages: Pages<Row>, at: number, read: PageRead<Row>): Pages<Row> {
  const page = pages[at];
  if (!page || page.read === read) return pages;
  const last = at === pages.length - 1;
  // A row that moved to another place in the order is in two answers, and shown once.
  const elsewhere = new Set(pages.flatMap((other) => (other === page ? [] : (other.rows ?? []).map(({ id }) => id))));
  const shown =
    page.rows === null
      ? readAnew(page, read, elsewhere, pages[at + 1]?.firstId)
      : holdStill(page, read, elsewhere, last);
  const next = pages.with(at, { ...shown, firstId: shown.rows?.[0]?.id, lastId: shown.rows?.at(-1)?.id });
  return last && read.complete && read.nextCursor !== null ? [...next, unread(read.nextCursor)] : next;
}

function readAnew<Row extends Identified>(
  page: Page<Row>,
  read: PageRead<Row>,
  elsewhere: ReadonlySet<string>,
  nextId: string | undefined,
): Page<Row> {
  // A page that comes back ends where it ended, or where the next one begins.
  const end = read.rows.findIndex(({ id }) => id === page.lastId) + 1 || read.rows.findIndex(({ id }) => id === nextId);
  const rows = (end > 0 ? read.rows.slice(0, end) : read.rows).filter(({ id }) => !elsewhere.has(id)).map(present);
  return { ...page, count: rows.length, rows, read, news: 0, gone: 0 };
}

function holdStill<Row extends Identified>(
  page: Page<Row>,
  read: PageRead<Row>,
  elsewhere: ReadonlySet<string>,
  last: boolean,
): Page<Row> {
  const shown = page.rows ?? [];
  const fresh = new Map(read.rows.map((row) => [row.id, row]));
  const known = new Set(shown.map(({ id }) => id));
  // Only where the answer reaches behind a row does the row's absence mean that it left.
  const reach = read.complete ? shown.length : shown.findLastIndex(({ id }) => fresh.has(id));
  const held = shown.map((row, index) => {
    const now = fresh.get(row.id);
    if (now) return present(now);
    return row.gone || index > reach ? row : { ...row, gone: true };
  });
  const lastKnown = read.rows.findLastIndex(({ id }) => known.has(id));
  // Behind the last row of the whole list nothing is moved by what comes: it is shown at once.
  const appended = last && read.complete ? read.rows.slice(lastKnown + 1).filter(({ id }) => !elsewhere.has(id)) : [];
  const before = lastKnown < 0 && !read.complete ? read.rows : read.rows.slice(0, lastKnown + 1);
  const rows = [...held, ...appended.map(present)];
  return {
    ...page,
    count: rows.length,
    rows,
    read,
    news: before.filter(({ id }) => !known.has(id) && !elsewhere.has(id)).length,
    gone: held.filter(({ gone }) => gone).length,
  };
}

/** Puts away the rows of every page that is not among `wanted`: memory does not grow with what was scrolled past. */
export function putAway<Row>(pages: Pages<Row>, wanted: readonly number[]): Pages<Row> {
  const stays = (page: Page<Row>, at: number): boolean => page.rows === null || wanted.includes(at);
  if (pages.every(stays)) return pages;
  return pages.map((page, at) => (stays(page, at) ? page : { ...page, rows: null, read: null, news: 0, gone: 0 }));
}

/** The pages that rows between `first` and `last` lie on. A page that was never read begins where what is known ends. */
export function pagesBetween<Row>(pages: Pages<Row>, first: number, last: number): number[] {
  const wanted: number[] = [];
  let start = 0;
  for (const [at, { count }] of pages.entries()) {
    if (start <= last && start + count >= first) wanted.push(at);
    start += count;
  }
  return wanted;
}

export interface WindowOfRows<Row> {
  /** The rows in memory, in one piece; undefined where a page is on its way. */
  rows: readonly (ShownRow<Row> | undefined)[];
  /** The place of the first of them in the whole list. */
  offset: number;
  /** How many rows are known of, in memory or not. */
  count: number;
  news: number;
  gone: number;
}

/** What a grid draws: the pages in memory, where they lie, and what waits to be shown. */
export function windowOf<Row>(pages: Pages<Row>): WindowOfRows<Row> {
  const sum = (some: Pages<Row>, of: (page: Page<Row>) => number): number =>
    some.reduce((total, page) => total + of(page), 0);
  const first = pages.findIndex(({ rows }) => rows !== null);
  const inside = first < 0 ? [] : pages.slice(first, pages.findLastIndex(({ rows }) => rows !== null) + 1);
  return {
    rows: inside.flatMap(
      (page): readonly (ShownRow<Row> | undefined)[] => page.rows ?? new Array(page.count).fill(undefined),
    ),
    offset: sum(pages.slice(0, Math.max(0, first)), ({ count }) => count),
    count: sum(pages, ({ count }) => count),
    news: sum(inside, ({ news }) => news),
    gone: sum(inside, ({ gone }) => gone),
  };
}

/** How many answers one page may take to be read up to its end, where much came in before it. */
const MOST_ANSWERS = 4;

/** One answer from a cursor on. */
type Ask<Row> = (cursor: string | null) => Promise<{ rows: readonly Row[]; nextCursor: string | null }>;

/**
 * Reads a page: the first time one answer, later as many as it takes to come to the end of the page as it is shown, so
 * that what came in between is not mistaken for what left.
 */
export async function readPage<Row extends Identified>(
  ask: Ask<Row>,
  page: Page<Row> | undefined,
): Promise<PageRead<Row>> {
  const known = new Set(page?.rows?.map(({ id }) => id) ?? (page?.lastId === undefined ? [] : [page.lastId]));
  const rows: Row[] = [];
  let next = page?.cursor ?? null;
  let met = false;
  for (let answers = 1; ; answers += 1) {
    const answer = await ask(next);
    rows.push(...answer.rows);
    next = answer.nextCursor;
    const meets = answer.rows.some(({ id }) => known.has(id));
    // A whole answer of strangers behind familiar rows: the page's own end has left.
    const passed = met && !meets;
    met ||= meets;
    if (next === null || known.size === 0 || passed || answer.rows.some(({ id }) => id === page?.lastId)) {
      return { rows, nextCursor: next, complete: true };
    }
    if (answers === MOST_ANSWERS) return { rows, nextCursor: next, complete: false };
  }
}
