import { useQuery } from '@tanstack/react-query';
import { Bell as BellIcon } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useText, withTexts } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { IconButton } from '../ui/button.tsx';

const loadList = () => withTexts(['collab'], import('../collab/notification-list.tsx'));
const NotificationList = lazy(() => loadList().then((file) => ({ default: file.NotificationList })));

/** The server counts no further. */
const MOST_COUNTED = 99;

/** What one was told by name, and how much of it is unread. The list is fetched when somebody reaches for it. */
export function Bell() {
  const t = useText();
  const allowed = useMay()('notification:read');
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const unread = useQuery({ ...trpc.notifications.unreadCount.queryOptions(), enabled: allowed }).data ?? 0;
  useShortcut('g n', 'go', 'shell.shortcuts.goNotifications', allowed ? () => setOpen(true) : null);
  if (!allowed) return null;
  const shown = unread > MOST_COUNTED ? `${MOST_COUNTED}+` : String(unread);
  return (
    <>
      <IconButton
        ref={button}
        label={unread > 0 ? t('shell.bell.unread', { count: shown }) : t('shell.bell.none')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={() => void loadList()}
        onClick={() => setOpen(!open)}
        className="relative"
      >
        <BellIcon aria-hidden="true" size={15} />
        {unread > 0 && (
          <span
            aria-hidden="true"
            className="absolute -top-0.5 left-4 min-w-4 rounded-full bg-ink px-1 text-center text-[10px] leading-4 font-semibold text-on-ink"
          >
            {shown}
          </span>
        )}
      </IconButton>
      <span role="status" className="sr-only">
        {unread > 0 ? t('shell.bell.unread', { count: shown }) : ''}
      </span>
      {open && (
        <Suspense>
          <NotificationList anchor={button} unread={unread} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
