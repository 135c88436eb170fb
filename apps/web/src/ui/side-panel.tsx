import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { Kbd } from './kbd.tsx';

interface SidePanelProps {
  /** Its name for screen readers: what it is about. */
  label: string;
  /** The line above everything: usually an id. */
  head: ReactNode;
  children: ReactNode;
  onClose: () => void;
  /** Changes when the panel shows another thing: it then scrolls to its top. */
  subject: string;
}

/**
 * The panel beside a list. The list stays usable, so this is a landmark and no modal: Escape closes it, and who closes
 * it gives the focus back to the row.
 */
export function SidePanel({ label, head, children, onClose, subject }: SidePanelProps) {
  const t = useText();
  const scroller = useRef<HTMLElement>(null);
  useShortcut('Escape', 'view', 'shell.shortcuts.closePanel', onClose);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the subject is what the scroll position belongs to
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [subject]);
  return (
    <aside
      ref={scroller}
      aria-label={label}
      className="flex h-full w-[clamp(380px,31.4vw,452px)] shrink-0 flex-col overflow-y-auto border-l border-line bg-paper max-md:fixed max-md:inset-0 max-md:z-30 max-md:w-full"
    >
      <div className="sticky top-0 z-10 flex items-center gap-2 bg-paper px-[18px] pt-3 pb-1">
        <div className="min-w-0 flex-1">{head}</div>
        <button type="button" onClick={onClose} className="rounded-xs p-0.5 hover:bg-sunken">
          <span className="sr-only">{t('common.close')}</span>
          <Kbd keys="Escape" />
        </button>
      </div>
      {children}
    </aside>
  );
}

interface PanelSectionProps {
  title?: ReactNode;
  children: ReactNode;
}

/** One question the panel answers, under a hairline. */
export function PanelSection({ title, children }: PanelSectionProps) {
  return (
    <section className="border-b border-line px-[18px] py-4 last:border-b-0">
      {title && <h2 className="mb-2 text-2xs font-medium text-quiet">{title}</h2>}
      {children}
    </section>
  );
}
