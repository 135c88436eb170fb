import { parseArgs } from 'node:util';
import { isCurrency } from '../../src/core/currency.ts';
import { decimalString, money } from '../../src/core/money.ts';
import { systemClock } from '../../src/core/time.ts';
import { PAYOUT_FILTERS } from '../../src/payouts/payout-list.ts';
import { listPayouts } from '../../src/payouts/payout-page.queries.ts';
import type { CliCommand } from '../cli-context.ts';

/** `payouts list [--filter stuck] [--limit 50] [--cursor …]`: the queue, as the console shows it. */
export const payoutsCommand: CliCommand = {
  name: 'payouts',
  usage: 'payouts list [--filter stuck] [--limit 50]',
  summary: 'the payout queue',
  async run(args, { db, actor, json }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        filter: { type: 'string', default: 'open' },
        limit: { type: 'string', default: '50' },
        cursor: { type: 'string' },
      },
    });
    if (positionals[0] !== 'list') throw new Error('Say "payouts list".');
    const filter = PAYOUT_FILTERS.find((known) => known === values.filter);
    if (!filter) throw new Error(`There is no filter "${values.filter}"; there are ${PAYOUT_FILTERS.join(', ')}.`);
    const limit = Number(values.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new Error('--limit is a number from 1 to 200.');
    const page = await listPayouts(db, actor, { filter, limit, cursor: values.cursor }, systemClock());
    if (json) {
      console.log(JSON.stringify(page));
      return 0;
    }
    for (const row of page.rows) {
      const amount = isCurrency(row.currency)
        ? decimalString(money(BigInt(row.amountMinor), row.currency))
        : row.amountMinor;
      const attention = row.stuck
        ? `${row.stuck.level}: ${row.stuck.cause}${row.stuck.code ? ` (${row.stuck.code})` : ''}`
        : '';
      console.log(
        `${row.id}  ${`${row.currency} ${amount}`.padStart(20)}  ${row.status.padEnd(12)} ${row.holder.padEnd(28)} ${attention}`,
      );
    }
    if (page.nextCursor) console.log(`more: --cursor ${page.nextCursor}`);
    return 0;
  },
};
