import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { useSession } from '../lib/session.ts';

const loadMenu = () => import('./person-menu.tsx');
const PersonMenu = lazy(() => loadMenu().then((file) => ({ default: file.PersonMenu })));

interface PersonButtonProps {
  onShortcuts: () => void;
}

/** The person's initials. The menu behind them is fetched when somebody reaches for it, not with the first screen. */
export function PersonButton({ onShortcuts }: PersonButtonProps) {
  const t = useText();
  const session = useSession();
  const [wanted, setWanted] = useState(false);
  if (!session) return null;
  const { name } = session.person;
  const label = t('shell.person.menu', { name });
  const initials = <Initials aria-label={label} name={name} />;
  if (!wanted) {
    return (
      <Initials
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={false}
        name={name}
        onPointerEnter={() => void loadMenu()}
        onFocus={() => void loadMenu()}
        onClick={() => setWanted(true)}
      />
    );
  }
  return (
    <Suspense fallback={initials}>
      <PersonMenu session={session} trigger={initials} onShortcuts={onShortcuts} />
    </Suspense>
  );
}

function Initials({ name, className, ...rest }: ComponentProps<'button'> & { name: string }) {
  const letters = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();
  return (
    <button
      {...rest}
      type="button"
      title={name}
      className={cx(
        'ml-1 inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-ink text-2xs font-semibold text-on-ink hover:opacity-88',
        className,
      )}
    >
      {letters}
    </button>
  );
}
