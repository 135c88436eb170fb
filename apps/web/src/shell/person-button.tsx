import { initialsOf } from '@countersign/api/src/core/person-name.ts';
import { type ComponentProps, cloneElement, lazy, Suspense, useState } from 'react';
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
  const initials = initialsOf(name);
  const face = <Face aria-label={t('shell.person.menu', { initials, name })} title={name} initials={initials} />;
  if (!wanted) {
    return cloneElement(face, {
      'aria-haspopup': 'menu',
      'aria-expanded': false,
      onPointerEnter: () => void loadMenu(),
      onFocus: () => void loadMenu(),
      onClick: () => setWanted(true),
    });
  }
  return (
    <Suspense fallback={face}>
      <PersonMenu session={session} trigger={face} onShortcuts={onShortcuts} />
    </Suspense>
  );
}

function Face({ initials, ...rest }: ComponentProps<'button'> & { initials: string }) {
  return (
    <button
      {...rest}
      type="button"
      className="ml-1 inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-ink text-2xs font-semibold text-on-ink hover:opacity-88"
    >
      {initials}
    </button>
  );
}
