import type { Tx } from '../runtime/db.ts';
import type { Comparison } from './compare-settlement.ts';
import { balanceFinding } from './drift.ts';
import { scanWallets } from './wallet-scan.store.ts';

/** Postings ↔ stored balances, every account. A full scan, so that whatever it does not find is gone. */
export async function compareWallets(tx: Tx): Promise<Comparison> {
  const { accounts, differing } = await scanWallets(tx);
  const findings = differing.flatMap((account) => balanceFinding(account) ?? []);
  return {
    findings,
    examined: () => true,
    sources: { ledger: { state: 'present' }, stored: { state: 'present' } },
    counts: { compared: accounts, matched: accounts - findings.length, byRule: {} },
    volumes: [],
  };
}
