import { HOUR_MS } from '@countersign/api/src/core/time.ts';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';

/** How long is left; warmer in its last hour. The instant itself is on hover. */
export function ExpiryText({ at }: { at: string }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const left = new Date(at).getTime() - now.getTime();
  return (
    <time
      dateTime={at}
      title={format.instant(at)}
      className={cx('whitespace-nowrap', left <= 0 ? 'text-quiet' : left < HOUR_MS && 'font-medium text-med')}
    >
      {left > 0 ? format.relative(at, now) : t('overrides.expiredAt', { when: format.relative(at, now) })}
    </time>
  );
}
