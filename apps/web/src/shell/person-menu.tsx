import { useRouter } from '@tanstack/react-router';
import { Keyboard, LogOut } from 'lucide-react';
import type { ReactElement } from 'react';
import { useText } from '../lib/i18n.ts';
import { type Session, signOut } from '../lib/session.ts';
import { useSetting } from '../lib/setting.ts';
import { densitySetting } from '../lib/theme.ts';
import { paths } from '../paths.ts';
import { Menu, MenuChoice, MenuItem, MenuLine, type TriggerProps } from '../ui/menu.tsx';
import { toast } from '../ui/toast.tsx';

interface PersonMenuProps {
  session: Session;
  trigger: ReactElement<TriggerProps>;
  onShortcuts: () => void;
}

/** Who is signed in, with which roles; how rows look; the way out. */
export function PersonMenu({ session, trigger, onShortcuts }: PersonMenuProps) {
  const t = useText();
  const router = useRouter();
  const density = useSetting(densitySetting);
  const { name, email, roles } = session.person;

  const leave = async (): Promise<void> => {
    if (!(await signOut())) {
      toast({ tone: 'failed', title: t('shell.person.signOutFailed') });
      return;
    }
    await router.navigate(paths.signIn());
  };

  return (
    <Menu trigger={trigger} align="end" defaultOpen>
      <div className="px-2 pt-1.5 pb-2">
        <p className="font-medium">{name}</p>
        <p className="text-xs text-quiet">{email}</p>
        <p className="mt-1 text-xs text-ink-2">
          {t('shell.person.roles')}:{' '}
          {roles.length === 0 ? t('shell.person.noRoles') : roles.map((role) => t(`shell.roles.${role}`)).join(', ')}
        </p>
      </div>
      <MenuLine />
      <MenuChoice
        label={t('shell.person.density')}
        value={density}
        options={[
          { value: 'compact', label: t('shell.person.compact') },
          { value: 'comfortable', label: t('shell.person.comfortable') },
        ]}
        onChange={densitySetting.set}
      />
      <MenuLine />
      <MenuItem icon={<Keyboard aria-hidden="true" size={14} />} onSelect={onShortcuts}>
        {t('shell.person.shortcuts')}
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden="true" size={14} />} onSelect={() => void leave()}>
        {t('shell.person.signOut')}
      </MenuItem>
    </Menu>
  );
}
