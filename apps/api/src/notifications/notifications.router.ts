import { z } from 'zod';
import { command, query, router } from '../runtime/trpc.ts';
import { listNotifications, unreadCount } from './notifications.queries.ts';
import { readNotifications } from './read-notifications.ts';

const listInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(100).default(30),
});

/** One's own, always: no procedure here takes another person's id. */
export const notificationsRouter = router({
  unreadCount: query('notification:read', z.void(), ({ db, actor }) => unreadCount(db, actor.id)),
  list: query('notification:read', listInput, ({ db, actor }, input) => listNotifications(db, actor.id, input)),
  markRead: command(readNotifications),
});
