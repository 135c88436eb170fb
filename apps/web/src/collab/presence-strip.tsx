import type { Text } from '../lib/i18n.ts';
import { useText } from '../lib/i18n.ts';
import { Face } from './face.tsx';
import { usePresence } from './use-presence.ts';

const MOST_FACES = 4;

/** Who else looks at this payout right now. The region is there from the start, so that whoever comes is announced. */
export function PresenceStrip({ payoutId, className }: { payoutId: string; className?: string }) {
  const t = useText();
  const people = usePresence(payoutId);
  return (
    <div role="status" className={className}>
      {people.length > 0 && (
        <p className="rising flex items-center gap-2 text-xs text-ink-2">
          <span className="flex -space-x-1">
            {people.slice(0, MOST_FACES).map((person) => (
              <Face key={person.id} initials={person.initials} name={person.name} className="ring-2 ring-paper" />
            ))}
          </span>
          {presenceText(t, people)}
        </p>
      )}
    </div>
  );
}

function presenceText(t: Text, people: readonly { name: string }[]): string {
  const [first, second] = people;
  if (!first) return '';
  if (!second) return t('collab.presence.one', { name: first.name });
  if (people.length === 2) return t('collab.presence.two', { first: first.name, second: second.name });
  return t('collab.presence.more', { name: first.name, count: people.length - 1 });
}
