import { z } from 'zod';
import { command, query, router } from '../runtime/trpc.ts';
import { listControls } from './controls.queries.ts';
import { setSwitch } from './set-switch.ts';

export const controlsRouter = router({
  list: query('payout:read', z.void(), ({ db, actor }) => listControls(db, actor)),
  set: command(setSwitch),
});
