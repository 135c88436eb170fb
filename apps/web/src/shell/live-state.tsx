import { useText } from '../lib/i18n.ts';
import { useLive } from '../lib/live.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { LiveDot } from '../ui/live-dot.tsx';

/** Whether the screen follows the server, and how old its news is. Only a change of state is announced, not every second. */
export function LiveState() {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { status, heardAt } = useLive();
  const age = heardAt === null ? null : format.relative(new Date(heardAt), now);
  const words = {
    connecting: t('shell.live.connecting'),
    live: age === null ? t('shell.live.live') : t('shell.live.age', { age }),
    lost: age === null ? t('shell.live.lost') : t('shell.live.lostAge', { age }),
  }[status];
  const tone = status === 'live' ? 'live' : status === 'lost' ? 'lost' : 'waiting';
  return (
    <div title={words}>
      <div aria-hidden="true" className="max-lg:flex max-lg:justify-center">
        <LiveDot tone={tone}>{words}</LiveDot>
      </div>
      <span role="status" className="sr-only">
        {t(`shell.live.${status}`)}
      </span>
    </div>
  );
}
