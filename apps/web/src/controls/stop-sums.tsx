import { useText } from '../lib/i18n.ts';
import { MoneyText } from '../ui/money-text.tsx';
import type { StopPreview } from './controls-wire.ts';

/** Sums of payouts, a line a currency: never added up across currencies. */
export function StopSums({ sums }: { sums: StopPreview['waiting']['sums'] }) {
  const t = useText();
  if (sums.length === 0) return null;
  return (
    <ul aria-label={t('controls.preview.sums')} className="flex flex-col gap-0.5">
      {sums.map((sum) => (
        <li key={sum.currency} className="flex items-baseline justify-between gap-6">
          <MoneyText money={sum} className="font-medium" />
          <span className="text-quiet">{t('controls.preview.of', { count: sum.count })}</span>
        </li>
      ))}
    </ul>
  );
}
