import { cloneElement, type ReactElement, type ReactNode, Suspense, useState } from 'react';
import type { PopoverTriggerProps } from './popover.tsx';

type Trigger = ReactElement<
  PopoverTriggerProps & { onPointerEnter?: () => void; onFocus?: () => void; 'aria-haspopup'?: 'dialog' | 'menu' }
>;

interface LazyPopupProps {
  trigger: Trigger;
  haspopup: 'dialog' | 'menu';
  /** Fetches the popup's code: called when somebody comes near the button. */
  load: () => unknown;
  /** Open at once: it was asked for by a key. */
  defaultWanted?: boolean;
  /** The popup around its trigger, open from its first moment. */
  children: (trigger: Trigger) => ReactNode;
}

/** A button whose popup's code is fetched when somebody reaches for it, not with the screen. */
export function LazyPopup({ trigger, haspopup, load, defaultWanted = false, children }: LazyPopupProps) {
  const [wanted, setWanted] = useState(defaultWanted);
  if (wanted) return <Suspense fallback={trigger}>{children(trigger)}</Suspense>;
  return cloneElement(trigger, {
    'aria-haspopup': haspopup,
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setWanted(true),
  });
}
