import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { Merchant } from './controls-wire.ts';

interface MerchantChoiceProps {
  chosen: Merchant | null;
  onChoose: (merchant: Merchant | null) => void;
  error: string | undefined;
}

/** A merchant, found by its name, reference or id. What is on hold already stays in the list and says so. */
export function MerchantChoice({ chosen, onChoose, error }: MerchantChoiceProps) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const found = useQuery({
    ...trpc.controls.merchants.queryOptions({ text: asked }),
    enabled: chosen === null,
    placeholderData: keepPreviousData,
  });

  if (chosen) {
    return (
      <div className="flex items-center gap-3 rounded-md border border-ink bg-sunken px-3 py-2 text-sm">
        <p className="min-w-0 flex-1 truncate">
          <strong className="font-medium">{chosen.name}</strong>{' '}
          <span className="text-quiet">
            {chosen.reference} · {chosen.country}
          </span>
        </p>
        <Button onClick={() => onChoose(null)}>{t('controls.holds.merchantChange')}</Button>
      </div>
    );
  }
  const rows = found.data ?? [];
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('controls.holds.merchant')} error={error}>
        {(control) => (
          <Input
            {...control}
            type="search"
            placeholder={t('controls.holds.merchantSearch')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <p role="status" className={cx('text-xs text-quiet', rows.length > 0 && 'sr-only')}>
        {found.isError
          ? t('controls.holds.merchantFailed')
          : found.isPending
            ? t('controls.holds.merchantLooking')
            : rows.length === 0
              ? t('controls.holds.merchantNone')
              : ''}
      </p>
      {rows.length > 0 && (
        <ul className="max-h-48 overflow-y-auto rounded-md border border-line">
          {rows.map((merchant) => (
            <li key={merchant.id} className="border-b border-line last:border-b-0">
              <button
                type="button"
                aria-disabled={merchant.held || undefined}
                onClick={() => !merchant.held && onChoose(merchant)}
                className={cx(
                  'flex min-h-9 w-full items-center gap-2 px-3 text-left text-sm -outline-offset-2',
                  merchant.held ? 'cursor-not-allowed text-quiet' : 'hover:bg-sunken',
                )}
              >
                <span className="min-w-0 flex-1 truncate">
                  {merchant.name} <span className="text-quiet">{merchant.reference}</span>
                </span>
                {merchant.held && <span className="shrink-0 text-xs">{t('controls.holds.merchantHeld')}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
