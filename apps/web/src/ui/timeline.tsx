import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { type Instant, useFormat } from '../lib/use-format.ts';
import { Mark, type MarkShape, type MarkTone } from './status-mark.tsx';

export interface TimelineItem {
  id: string;
  at: Instant;
  title: ReactNode;
  detail?: ReactNode;
  shape?: MarkShape;
  tone?: MarkTone;
}

interface TimelineProps {
  /** Oldest first. */
  items: readonly TimelineItem[];
  /** A silence at least this long is marked between its two neighbours. */
  gapMs?: number;
  now: Date;
  /** What is said after the last: how long nothing has come since. */
  end?: ReactNode;
}

const TEN_MINUTES_MS = 600_000;

/** What happened, in order, with the silences written down: no news is news. */
export function Timeline({ items, gapMs = TEN_MINUTES_MS, now, end }: TimelineProps) {
  const t = useText();
  const format = useFormat();
  return (
    <ol className="flex flex-col">
      {items.map((item, index) => {
        const previous = items[index - 1];
        const silence = previous ? time(item.at) - time(previous.at) : 0;
        const day = format.day(item.at, now);
        const newDay = !previous ? day !== format.day(now, now) : format.day(previous.at, now) !== day;
        return (
          <li key={item.id} className="flex flex-col">
            {silence >= gapMs && (
              <Line silent>
                <p className="pb-2.5 text-xs text-quiet italic">
                  {t('common.timeline.gap', { length: format.duration(silence) })}
                </p>
              </Line>
            )}
            {newDay && (
              <Line>
                <p className="pb-1.5 text-2xs font-medium text-quiet">{day}</p>
              </Line>
            )}
            <Line
              time={<time dateTime={new Date(item.at).toISOString()}>{format.time(item.at)}</time>}
              mark={<Mark shape={item.shape ?? 'ring'} tone={item.tone ?? 'quiet'} />}
            >
              <div className="pb-2.5">
                <p>{item.title}</p>
                {item.detail && <div className="text-xs break-words text-quiet">{item.detail}</div>}
              </div>
            </Line>
          </li>
        );
      })}
      {end && (
        <li>
          <Line silent>
            <p className="text-xs text-quiet italic">{end}</p>
          </Line>
        </li>
      )}
    </ol>
  );
}

interface LineProps {
  time?: ReactNode;
  mark?: ReactNode;
  /** A stretch in which nothing happened: its line is broken. */
  silent?: boolean;
  children: ReactNode;
}

function Line({ time, mark, silent = false, children }: LineProps) {
  return (
    <div className="grid grid-cols-[56px_9px_minmax(0,1fr)] gap-x-3">
      <span className="text-right text-quiet">{time}</span>
      <span className="relative flex justify-center">
        <span
          className={cx('absolute inset-y-0 border-l', silent ? 'border-dashed border-line-strong' : 'border-line')}
        />
        {mark && <span className="relative mt-[5px] h-[11px] bg-paper py-px">{mark}</span>}
      </span>
      {children}
    </div>
  );
}

function time(at: Instant): number {
  return new Date(at).getTime();
}
