import { shortenId } from '../lib/format.ts';
import { type Text, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import { providerName } from '../payouts/payout-look.ts';
import type { DiffItem } from '../ui/diff-list.tsx';
import type { PreviewLine } from './override-wire.ts';

/** "What will change", ready for a DiffList. */
export function usePreviewItems(lines: readonly PreviewLine[]): DiffItem[] {
  const t = useText();
  const format = useFormat();
  return lines.map((line) => previewItem(line, t, format));
}

function previewItem(line: PreviewLine, t: Text, format: ReturnType<typeof useFormat>): DiffItem {
  switch (line.what) {
    case 'payout_status':
      return pair(
        t('overrides.preview.payout_status'),
        t(`payouts.status.${line.before}`),
        t(`payouts.status.${line.after}`),
      );
    case 'in_flight':
    case 'clearing':
    case 'wallet': {
      const say = (amountMinor: string) => format.money({ amountMinor, currency: line.currency });
      return pair(accountField(t, line), say(line.beforeMinor), say(line.afterMinor));
    }
    case 'attempt':
      return pair(
        t('overrides.preview.attempt'),
        line.before === null ? t('overrides.preview.none') : format.count(line.before),
        format.count(line.after),
      );
    case 'break':
      return pair(
        t('overrides.preview.break', { id: shortenId(line.id) }),
        `${breakStatusText(t, line.before)} · ${riskText(t, line.risk)}`,
        t('overrides.preview.rechecked'),
      );
  }
}

function pair(field: string, before: string, after: string): DiffItem {
  return { field, before, after, changed: before !== after };
}

function accountField(t: Text, line: Extract<PreviewLine, { beforeMinor: string }>): string {
  switch (line.what) {
    case 'in_flight':
      return t('overrides.preview.in_flight');
    case 'clearing':
      return t('overrides.preview.clearing', { provider: providerName(line.provider) });
    case 'wallet':
      return t('overrides.preview.wallet', { party: line.party });
  }
}

function breakStatusText(t: Text, status: string): string {
  return status === 'open' || status === 'assigned' || status === 'resolved'
    ? t(`overrides.preview.breakStatus.${status}`)
    : status;
}

function riskText(t: Text, risk: string): string {
  return risk === 'LOW' || risk === 'MED' || risk === 'HIGH'
    ? t(`common.risk.${({ LOW: 'low', MED: 'med', HIGH: 'high' } as const)[risk]}`)
    : risk;
}
