import { cx } from '../lib/class-names.ts';
import { moneyParts, type WireMoney } from '../lib/format.ts';
import { useLanguage } from '../lib/i18n.ts';

interface MoneyTextProps {
  money: WireMoney;
  /** Writes the plus: for differences. */
  signed?: boolean;
  /** Without the code, where the column or the heading carries it. */
  bare?: boolean;
  className?: string;
}

/** An amount: its currency in quiet ink, then the number in tabular figures. */
export function MoneyText({ money, signed = false, bare = false, className }: MoneyTextProps) {
  const { currency, number } = moneyParts(money, useLanguage(), signed);
  return (
    <span className={cx('whitespace-nowrap tabular-nums', className)}>
      {!bare && <span className="text-quiet">{currency} </span>}
      {number}
    </span>
  );
}
