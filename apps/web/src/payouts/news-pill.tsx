import { useText } from '../lib/i18n.ts';
import { UpdatePill } from '../ui/update-pill.tsx';

interface NewsPillProps {
  news: number;
  gone: number;
  /** A further page could not be read. */
  failed?: boolean;
  onShow: () => void;
  onRetry?: () => void;
}

/** What has changed in the list since it was shown. Nothing moves until it is asked to. */
export function NewsPill({ news, gone, failed = false, onShow, onRetry }: NewsPillProps) {
  const t = useText();
  if (failed && onRetry)
    return <UpdatePill words={`${t('payouts.desk.loadMore')} ${t('common.retry')}`} onShow={onRetry} />;
  const words = [
    ...(news > 0 ? [t('payouts.changed.news', { count: news })] : []),
    ...(gone > 0 ? [t('payouts.changed.gone', { count: gone })] : []),
  ];
  return (
    <UpdatePill words={words.length === 0 ? null : [...words, t('payouts.changed.show')].join(' · ')} onShow={onShow} />
  );
}
