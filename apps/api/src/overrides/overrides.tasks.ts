import type { Actor } from '../core/actor.ts';
import type { Clock } from '../core/time.ts';
import type { TaskHandler } from '../jobs/task-list.ts';
import type { Db } from '../runtime/db.ts';
import { execute } from '../runtime/operation.ts';
import { expireOverride } from './expire-override.ts';
import { overridesToClose } from './overrides.queries.ts';
