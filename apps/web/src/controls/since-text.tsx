import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';

const DAY_MS = 86_400_000;
/** How often the length of time is written anew. */
const STEP_MS = 10_000;

/** "since 14:02 (12 min)"; with the day where that is not today's or yesterday's clock. */
export function SinceText({ at }: { at: string }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(STEP_MS);
  const length = Math.max(0, now.getTime() - Date.parse(at));
  const time = format.time(at).slice(0, 5);
  return (
    <span className="whitespace-nowrap">
      {t('controls.since', {
        time: length < DAY_MS ? time : `${format.day(at, now)} ${time}`,
        length: format.duration(length),
      })}
    </span>
  );
}
