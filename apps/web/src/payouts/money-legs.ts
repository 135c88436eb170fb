import type { TrailStep } from './payout-wire.ts';

/** What is known of the way between two places: the money went, may have gone, has not gone, or came back. */
export type Leg = 'moved' | 'unknown' | 'not_yet' | 'back';

/** The way from one step of the trail to the next. */
export function legOf(from: TrailStep, to: TrailStep): Leg {
  // Back in the wallet: it had left it, and came back from wherever it was.
  if (from.place === 'wallet' && from.state === 'returned') return 'back';
  switch (to.state) {
    case 'left':
    case 'here':
    case 'passed':
      return 'moved';
    case 'unknown':
      return 'unknown';
    case 'returned':
      return 'back';
    case 'not_yet':
      return 'not_yet';
  }
}
