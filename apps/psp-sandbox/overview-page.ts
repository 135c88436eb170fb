import { createHash } from 'node:crypto';
import type { Overview, OverviewFilter, OverviewRow } from './overview.ts';
import type { FaultSchedule } from './schedule.ts';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #333a44); --soft: light-dark(#5b6470, #9aa4b2);
  --bg: light-dark(#fff, #14181d); --raised: light-dark(#f6f7f9, #1b2027); --text: light-dark(#14181d, #e8ebef);
  --bad: light-dark(#b3261e, #ff8a80); --accent: light-dark(#0b57d0, #8ab4f8); }
* { box-sizing: border-box; }
body { margin: 0; padding: 20px 24px 40px; background: var(--bg); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 14px; margin: 24px 0 8px; }
p { margin: 0 0 8px; color: var(--soft); max-width: 110ch; }
a { color: var(--accent); } code, .id { font-family: ui-monospace, monospace; font-size: 12px; }
dl { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0; }
dl div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
dt { color: var(--soft); font-size: 12px; } dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin: 0 0 12px; }
input[type=search] { width: 22rem; max-width: 100%; } input, button { font: inherit; padding: 5px 10px; color: inherit;
  background: var(--bg); border: 1px solid var(--line); border-radius: 6px; } button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; min-width: 1060px; }
th, td { text-align: left; padding: 6px 8px; font-weight: inherit; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; background: var(--raised); font-size: 12px; color: var(--soft); white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.when { white-space: nowrap; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; } tr.twice { background: var(--raised); }
nav { margin-top: 12px; display: flex; gap: 16px; align-items: center; }`;

/** Nothing from anywhere, no script at all, and no other page may frame it. */
export const OVERVIEW_HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** The books as a page for a person. `now` is Unix milliseconds of the sandbox's clock. */
export function overviewPage(overview: Overview, schedule: FaultSchedule, now: number): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>psp-sandbox · books</title><style>${STYLE}</style></head>
<body><main>
<h1>The provider's books</h1>
<p>This is the sandbox, not the console: what the payment provider itself knows. Its clock says ${iso(now)}.</p>
${tiles(overview)}
<h2>Faults by rate</h2>
${scheduleText(schedule)}
<h2>Payouts</h2>
${searchForm(overview)}
${overview.rows.length === 0 ? `<p>${overview.payouts === 0 ? 'No payout has been asked for yet.' : 'No payout is like that.'}</p>` : table(overview.rows)}
${pager(overview)}
</main></body></html>
`;
}

function tiles({ payouts, paidTwice, keysKept, undelivered, balances }: Overview): string {
  const tile = (name: string, value: string, bad = false) =>
    `<div><dt>${marked(name)}</dt><dd${bad ? ' class="bad"' : ''}>${marked(value)}</dd></div>`;
  return `<dl>${[
    tile('Payouts', grouped(payouts)),
    tile('Paid twice', grouped(paidTwice), paidTwice > 0),
    tile('Keys remembered', grouped(keysKept)),
    tile('Deliveries waiting', grouped(undelivered)),
    ...Object.entries(balances).map(([currency, minor]) =>
      tile(`Balance ${currency.toUpperCase()}`, amount(minor, currency)),
    ),
  ].join('')}</dl>`;
}

function scheduleText({ seed, rates }: FaultSchedule): string {
  const entries = Object.entries(rates).filter(([, rate]) => rate > 0);
  if (entries.length === 0)
    return '<p>None. A payout has a fault only when its amount or its metadata asks for one.</p>';
  const list = entries.map(([names, rate]) => `<code>${marked(names)}</code> ${Math.round(rate * 10_000) / 100} %`);
  return `<p>Seed ${seed}: ${list.join(' · ')}</p>`;
}

function searchForm({ filter, found }: Overview): string {
  return `<form method="get" action="/__sandbox/" role="search">
<label for="q">Find</label>
<input id="q" name="q" type="search" value="${marked(filter.text)}" placeholder="id, key or metadata">
<label><input type="checkbox" name="twice" value="1"${filter.twiceOnly ? ' checked' : ''}> paid twice only</label>
<button type="submit">Show</button>
<span class="soft" role="status">${grouped(found)} found</span></form>`;
}

function table(rows: readonly OverviewRow[]): string {
  const head = (name: string, kind = '') => `<th scope="col"${kind}>${name}</th>`;
  const number = (name: string) => head(name, ' class="n"');
  const texts = ['Created', 'Payout, for ours', 'Key', 'Status'].map((name) => head(name)).join('');
  const numbers = ['Amount', 'Out / back'].map(number).join('');
  const rest = `${head('Faults')}${number('Events')}${number('Sent / waiting')}`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="Payouts"><table>
<thead><tr>${texts}${numbers}${head('Paid twice')}${rest}</tr></thead>
<tbody>${rows.map(row).join('\n')}</tbody></table></div>`;
}

function row(one: OverviewRow): string {
  const under = (text: string) => `<br><span class="soft">${marked(text)}</span>`;
  const key = one.key === null ? '–' : `${marked(one.key)}${under(one.keyKept ? 'remembered' : 'forgotten')}`;
  const [day = '', time = ''] = iso(one.created * 1000).split(' ');
  return `<tr${one.paidTwice ? ' class="twice"' : ''}><td class="when">${time}${under(day)}</td>
<th scope="row" class="id">${marked(one.id)}${under(one.payoutId ?? 'not ours')}</th><td class="id">${key}</td>
<td>${marked(one.status)}${one.failureCode === null ? '' : under(one.failureCode)}</td>
<td class="n">${amount(one.amount, one.currency)}</td><td class="n">${one.debits} / ${one.returns}</td>
<td>${one.paidTwice ? '<span class="bad">paid twice</span>' : '<span class="soft">no</span>'}</td>
<td class="id">${one.faults.map(marked).join('<br>') || '–'}</td>
<td class="n">${one.events}</td><td class="n">${one.delivered} / ${one.waiting}</td></tr>`;
}

function pager({ filter, pages }: Overview): string {
  if (pages === 1) return '';
  const link = (page: number, text: string, rel: string) =>
    page < 1 || page > pages
      ? `<span class="soft">${text}</span>`
      : `<a rel="${rel}" href="${href(filter, page)}">${text}</a>`;
  return `<nav aria-label="Pages">${link(filter.page - 1, 'Newer', 'prev')}
<span>Page ${filter.page} of ${pages}</span>${link(filter.page + 1, 'Older', 'next')}</nav>`;
}

function href({ text, twiceOnly }: OverviewFilter, page: number): string {
  const query = new URLSearchParams({
    page: String(page),
    ...(text ? { q: text } : {}),
    ...(twiceOnly ? { twice: '1' } : {}),
  });
  return marked(`/__sandbox/?${query}`);
}

/** Decimals of the currencies that have not two (ISO 4217). */
const DECIMALS: Readonly<Record<string, number>> = {
  jpy: 0,
  krw: 0,
  clp: 0,
  vnd: 0,
  kwd: 3,
  bhd: 3,
  jod: 3,
  omr: 3,
  tnd: 3,
};

function amount(minor: number, currency: string): string {
  const decimals = DECIMALS[currency] ?? 2;
  const digits = String(minor).padStart(decimals + 1, '0');
  const whole = grouped(Number(digits.slice(0, digits.length - decimals)));
  return `${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`} ${currency.toUpperCase()}`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
}

/** Text as HTML shows it, in an element or in a quoted attribute. */
function marked(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
