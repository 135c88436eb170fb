import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { suspendShortcuts } from '../lib/shortcuts.ts';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** One line under the title; announced with it. */
  description?: ReactNode;
  children: ReactNode;
  /** The buttons: the act last, as it is read. */
  footer?: ReactNode;
  width?: 'sm' | 'md' | 'lg';
  /** False while a command is on the way: its answer must be seen. */
  dismissible?: boolean;
}

const WIDTHS = { sm: 'w-[420px]', md: 'w-[560px]', lg: 'w-[760px]' };

/** A modal. Focus goes in, stays in, and returns to where it was; the keys of the page behind rest meanwhile. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  width = 'md',
  dismissible = true,
}: DialogProps) {
  const t = useText();
  const popup = useRef<HTMLDivElement>(null);
  useEffect(() => (open ? suspendShortcuts() : undefined), [open]);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => !next && dismissible && onClose()}
      disablePointerDismissal={!dismissible}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          ref={popup}
          // The first field; without one the dialog itself, so that its title is read and no button is one key away.
          initialFocus={() => popup.current?.querySelector<HTMLElement>('input, textarea, select') ?? popup.current}
          className={cx(
            'rising fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-lg border border-line-strong bg-panel text-ink shadow-float outline-none',
            WIDTHS[width],
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-md font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-0.5 text-sm text-quiet">{description}</Base.Description>}
            </div>
            {dismissible && (
              <Base.Close
                aria-label={t('common.close')}
                className="-mr-1.5 inline-flex size-7 items-center justify-center rounded-md text-quiet hover:bg-sunken hover:text-ink"
              >
                <X aria-hidden="true" size={15} />
              </Base.Close>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
