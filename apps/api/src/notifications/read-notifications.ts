import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { markRead } from './notification.store.ts';

/** Marks one's own notifications as read: those named, or all of them. Somebody else's stay as they are. */
export const readNotifications = defineOperation({
  name: 'notifications.mark_read',
  permission: 'notification:read',
  act: 'notification.read',
  input: z.strictObject({ ids: z.union([z.literal('all'), z.array(idInput('notification')).min(1).max(100)]) }),
  subject: () => null,
  async run({ tx, now, actor }, { ids }) {
    if (actor.kind !== 'person') throw new Refused('permission_missing', { permission: 'notification:read' });
    const read = await markRead(tx, actor.id, ids === 'all' ? null : ids, now);
    return {
      result: { read },
      audit:
        read === 0
          ? null
          : {
              subject: { kind: 'person', id: actor.id },
              after: { read, ids: ids === 'all' ? ids : ids.map((id) => toId('notification', id)) },
            },
    };
  },
});
