import type { OverrideStatus } from '@countersign/api/src/overrides/override.ts';
import type { MarkShape, MarkTone } from '../ui/status-mark.tsx';

/** How each status is drawn: the shape says it without the colour. */
export const OVERRIDE_LOOK: Record<OverrideStatus, { shape: MarkShape; tone: MarkTone }> = {
  requested: { shape: 'ring', tone: 'moving' },
  approved: { shape: 'ring', tone: 'safe' },
  executed: { shape: 'dot', tone: 'safe' },
  rejected: { shape: 'square', tone: 'high' },
  withdrawn: { shape: 'cross', tone: 'quiet' },
  expired: { shape: 'open-square', tone: 'quiet' },
  stale: { shape: 'open-square', tone: 'med' },
};
