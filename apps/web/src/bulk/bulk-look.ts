import type { BulkStatus, Outcome, Planned } from '@countersign/api/src/bulk/bulk.ts';
import {
  Ban,
  CircleHelp,
  CirclePause,
  type LucideIcon,
  MessageCircleQuestion,
  Repeat,
  RotateCw,
  Send,
  UserRound,
} from 'lucide-react';
import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';

interface Look {
  shape: MarkShape;
  tone: MarkTone;
}

/** How a run's state is drawn: the shape says it without the colour. */
export const STATUS_LOOK: Record<BulkStatus | 'expired', Look> = {
  previewed: { shape: 'ring', tone: 'med' },
  expired: { shape: 'open-square', tone: 'quiet' },
  running: { shape: 'dotted-ring', tone: 'moving' },
  paused: { shape: 'half-ring', tone: 'med' },
  canceling: { shape: 'dotted-ring', tone: 'quiet' },
  canceled: { shape: 'cross', tone: 'quiet' },
  done: { shape: 'dot', tone: 'safe' },
  discarded: { shape: 'cross', tone: 'quiet' },
};

/** What became of an item; `waiting` has no outcome yet. */
export const OUTCOME_LOOK: Record<Outcome | 'waiting', Look> = {
  done: { shape: 'dot', tone: 'safe' },
  skipped: { shape: 'open-square', tone: 'quiet' },
  failed: { shape: 'square', tone: 'high' },
  canceled: { shape: 'cross', tone: 'quiet' },
  waiting: { shape: 'ring', tone: 'quiet' },
};

/** What a preview plans, as an icon beside its word. */
export const PLANNED_ICON: Record<Planned, LucideIcon> = {
  retry_new_attempt: RotateCw,
  retry_same_key: Repeat,
  send: Send,
  check_first: CircleHelp,
  check: MessageCircleQuestion,
  assign: UserRound,
  hold: CirclePause,
  skipped: Ban,
};
