import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noPages, type Pages, pagesBetween, putAway, readPage, receive, windowOf } from './paged-rows.ts';

interface Row {
  id: string;
  at: number;
}

const PAGE = 10;
const row = (at: number): Row => ({ id: `r${at}`, at });

/** A server with rows in order, paged by keyset as ours are. */
function server(rows: Row[]) {
  const asked: (string | null)[] = [];
  const ask = async (cursor: string | null) => {
    asked.push(cursor);
    const from = cursor === null ? 0 : rows.findIndex(({ at }) => at > Number(cursor));
    const page = from < 0 ? [] : rows.slice(from, from + PAGE);
    const more = from >= 0 && from + PAGE < rows.length;
    return { rows: page, nextCursor: more ? String(page.at(-1)?.at) : null };
  };
  return { rows, asked, ask };
}

const upTo = (count: number): Row[] => Array.from({ length: count }, (_, at) => row(at * 10));

async function read(pages: Pages<Row>, at: number, ask: ReturnType<typeof server>['ask']): Promise<Pages<Row>> {
  const page = pages[at];
  if (!page) throw new Error(`no page ${at}`);
  return receive(pages, at, await readPage(ask, page));
}

async function firstPages(ask: ReturnType<typeof server>['ask'], count: number): Promise<Pages<Row>> {
  let pages = noPages<Row>();
  for (let at = 0; at < count; at += 1) pages = await read(pages, at, ask);
  return pages;
}

const shown = (pages: Pages<Row>) => windowOf(pages).rows.map((one) => one && (one.gone ? `-${one.at}` : one.at));

describe('a list in pages', () => {
  it('reads on to its end, and says how much is known', async () => {
    const { ask } = server(upTo(25));
    const pages = await firstPages(ask, 3);
    expect(shown(pages)).toEqual(upTo(25).map(({ at }) => at));
    expect(windowOf(pages)).toMatchObject({ offset: 0, count: 25, news: 0, gone: 0 });
    expect(pages).toHaveLength(3);
  });

  it('holds still: what came in waits, what left stays marked, and nothing pushed out of the answer is called gone', async () => {
    const { rows, ask } = server(upTo(30));
    let pages = await firstPages(ask, 1);
    rows.splice(0, 0, row(-3), row(-2));
    rows.splice(4, 1, row(11));
    pages = await read(pages, 0, ask);
    expect(shown(pages)).toEqual([0, 10, '-20', 30, 40, 50, 60, 70, 80, 90]);
    expect(windowOf(pages)).toMatchObject({ news: 3, gone: 1, count: 10 });
    // What followed the page still does.
    expect(shown(await read(pages, 1, ask)).slice(10)).toEqual([100, 110, 120, 130, 140, 150, 160, 170, 180, 190]);
  });

  it('sees that the page’s own last row left', async () => {
    const { rows, ask, asked } = server(upTo(60));
    let pages = await firstPages(ask, 1);
    rows.splice(9, 1);
    pages = await read(pages, 0, ask);
    expect(shown(pages).at(-1)).toBe('-90');
    expect(asked).toHaveLength(3);
  });

  it('shows at once what is appended behind the last row of all', async () => {
    const { rows, ask } = server(upTo(5));
    let pages = await firstPages(ask, 1);
    rows.push(row(50), row(60));
    pages = await read(pages, 0, ask);
    expect(shown(pages)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    rows.push(...Array.from({ length: 20 }, (_, at) => row(70 + at)));
    pages = await read(pages, 0, ask);
    pages = await read(pages, pages.length - 1, ask);
    expect(new Set(shown(pages)).size).toBe(shown(pages).length);
    expect(shown(pages).slice(5, 10)).toEqual([50, 60, 70, 71, 72]);
  });

  it('puts away what is out of sight and finds it again in its place', async () => {
    const { ask } = server(upTo(100));
    let pages = await firstPages(ask, 5);
    pages = putAway(pages, [3, 4]);
    expect(windowOf(pages)).toMatchObject({ offset: 30, count: 50 });
    expect(windowOf(pages).rows).toHaveLength(20);
    expect(putAway(pages, [3, 4])).toBe(pages);
    pages = await read(pages, 2, ask);
    expect(windowOf(pages)).toMatchObject({ offset: 20, count: 50 });
    expect(shown(pages)[0]).toBe(200);
  });

  it('keeps the object of a row that has not changed', async () => {
    const { ask } = server(upTo(30));
    const before = await firstPages(ask, 1);
    const after = await read(before, 0, ask);
    expect(windowOf(after).rows[3]).toBe(windowOf(before).rows[3]);
    const answer = await readPage(ask, before[0] as Pages<Row>[number]);
    const once = receive(before, 0, answer);
    expect(receive(once, 0, answer)).toBe(once);
  });

  it('wants the pages of what is seen, and the next one where the known end is near', async () => {
    const { ask } = server(upTo(100));
    const pages = await firstPages(ask, 4);
    expect(pagesBetween(pages, 0, 8)).toEqual([0]);
    expect(pagesBetween(pages, 12, 25)).toEqual([1, 2]);
    expect(pagesBetween(pages, 33, 45)).toEqual([3, 4]);
    expect(pagesBetween(noPages(), 0, 30)).toEqual([0]);
  });

  it('never shows a row twice and never loses one that is still there, whatever moves', async () => {
    const change = fc.record({ at: fc.integer({ min: -5, max: 400 }), add: fc.boolean(), page: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.array(change, { maxLength: 30 }), async (count, changes) => {
        const { rows, ask } = server(upTo(count));
        let pages = await firstPages(ask, 1);
        for (const { at, add, page } of changes) {
          const index = rows.findIndex((one) => one.at === at);
          if (add && index < 0) {
            rows.push(row(at));
            rows.sort((a, b) => a.at - b.at);
          } else if (!add && index >= 0) rows.splice(index, 1);
          pages = await read(pages, Math.min(page, pages.length - 1), ask);
          const ids = windowOf(pages).rows.flatMap((one) => (one ? [one.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        }
        for (let at = 0; at < pages.length; at += 1) pages = await read(pages, at, ask);
        const there = new Set(rows.map(({ id }) => id));
        for (const one of windowOf(pages).rows) if (one) expect(there.has(one.id)).toBe(!one.gone);
      }),
    );
  });
});
