import { ArrowUp } from 'lucide-react';
import { useText } from '../lib/i18n.ts';

interface NewsPillProps {
  news: number;
  gone: number;
  onShow: () => void;
}

/** What has changed in the list since it was shown. Nothing moves until it is asked to. */
export function NewsPill({ news, gone, onShow }: NewsPillProps) {
  const t = useText();
  const words = [
    ...(news > 0 ? [t('payouts.changed.news', { count: news })] : []),
    ...(gone > 0 ? [t('payouts.changed.gone', { count: gone })] : []),
  ].join(' · ');
  return (
    <div role="status" className="pointer-events-none absolute top-9 left-0 z-20 flex w-full justify-center">
      {words && (
        <button
          type="button"
          onClick={onShow}
          className="rising pointer-events-auto inline-flex h-7 items-center gap-1.5 rounded-full bg-ink px-3 text-xs font-medium text-on-ink shadow-float"
        >
          <ArrowUp aria-hidden="true" size={12} />
          {words} · {t('payouts.changed.show')}
        </button>
      )}
    </div>
  );
}
