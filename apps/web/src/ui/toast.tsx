import { X } from 'lucide-react';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { Mark, type MarkShape, type MarkTone } from './status-mark.tsx';

/*
 * Toasts say that something the person asked for has an outcome. Errors and unknown outcomes stay until they are put
 * away; nothing that must be read disappears by itself.
 */

export type ToastTone = 'done' | 'refused' | 'unknown' | 'failed';

export interface ToastMessage {
  tone: ToastTone;
  title: string;
  body?: ReactNode;
  /** True only where it can really be taken back, or a place to go to. */
  action?: { label: string; run: () => void };
}

interface Shown extends ToastMessage {
  id: number;
}

const LOOK: Record<ToastTone, { shape: MarkShape; tone: MarkTone }> = {
  done: { shape: 'dot', tone: 'safe' },
  refused: { shape: 'open-square', tone: 'med' },
  unknown: { shape: 'half-ring', tone: 'unsure' },
  failed: { shape: 'square', tone: 'high' },
};
const STAYS_MS = 6_000;
const AT_MOST = 4;

let shown: readonly Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says it. The oldest goes when there are more than four. */
export function toast(message: ToastMessage): void {
  change([...shown, { ...message, id: nextId++ }].slice(-AT_MOST));
}

function dismiss(id: number): void {
  change(shown.filter((one) => one.id !== id));
}

/** Where toasts appear; once, in the shell. Both regions are there from the start, so screen readers watch them. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  const polite = toasts.filter((one) => one.tone === 'done');
  const urgent = toasts.filter((one) => one.tone !== 'done');
  return (
    <div className="pointer-events-none fixed right-4 bottom-4 z-60 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2">
      <div role="alert" className="contents">
        {urgent.map((one) => (
          <Toast key={one.id} message={one} />
        ))}
      </div>
      <div role="status" className="contents">
        {polite.map((one) => (
          <Toast key={one.id} message={one} />
        ))}
      </div>
    </div>
  );
}

function Toast({ message }: { message: Shown }) {
  const t = useText();
  const { id, tone, title, body, action } = message;
  const passes = tone === 'done' && !action;
  useEffect(() => {
    if (!passes) return;
    const timer = setTimeout(() => dismiss(id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [id, passes]);
  return (
    <div className="rising pointer-events-auto flex items-start gap-2.5 rounded-md border border-line-strong bg-panel py-2.5 pr-2 pl-3 shadow-float">
      <span className="mt-[5px]">
        <Mark {...LOOK[tone]} size={10} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{title}</p>
        {body && <div className="mt-0.5 text-xs text-ink-2">{body}</div>}
        {action && (
          <button
            type="button"
            className="mt-1.5 h-6 rounded-sm border border-line-strong px-2 text-xs font-medium hover:bg-sunken"
            onClick={() => {
              action.run();
              dismiss(id);
            }}
          >
            {action.label}
          </button>
        )}
      </div>
      <button
        type="button"
        aria-label={t('common.close')}
        onClick={() => dismiss(id)}
        className={cx(
          'inline-flex size-6 items-center justify-center rounded-sm text-quiet hover:bg-sunken hover:text-ink',
        )}
      >
        <X aria-hidden="true" size={13} />
      </button>
    </div>
  );
}
