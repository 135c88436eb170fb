import { lazy, Suspense, useRef, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { useFormat } from '../lib/use-format.ts';
import type { PayoutRow } from '../payouts/payout-wire.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { localMoment } from './local-moment.ts';
import { snoozeTimes } from './snooze-times.ts';
import { currentSnooze } from './snoozed-mark.tsx';
import { useSnooze } from './use-desk-command.ts';

const SnoozeDialog = lazy(() => import('./snooze-dialog.tsx').then((file) => ({ default: file.SnoozeDialog })));

const MINUTE_MS = 60_000;

/** Puts a payout aside until a time that people mean; `s` opens the choice. */
export function SnoozeButton({ row }: { row: PayoutRow }) {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  const now = useNow(MINUTE_MS);
  const button = useRef<HTMLButtonElement>(null);
  const [choosing, setChoosing] = useState(false);
  const snooze = useSnooze(row.id);
  const before = currentSnooze(row, now);
  const { snooze: refused } = row.can;
  useShortcut('s', 'act', 'collab.snooze.shortcut', refused ? null : () => button.current?.click());

  const until = (at: Date): void => {
    const said = t('collab.snooze.done', { when: format.instant(at) });
    snooze.put({ until: at.toISOString() }, before && { until: before.until }, said);
  };
  return (
    <>
      <Menu
        trigger={
          <Button ref={button} kbd="s" busy={snooze.busy} whyNot={whyNot(t, refused)}>
            {t(before ? 'collab.snooze.again' : 'collab.snooze.button')}
          </Button>
        }
      >
        {snoozeTimes(now).map(({ id, until: at }) => (
          <MenuItem key={id} onSelect={() => until(at)}>
            {t(`collab.snooze.${id}`)}
            {/* Nine in the morning is meant by the clock on the wall. */}
            <span className="ml-auto pl-5 text-xs text-quiet">{localMoment(at, language)}</span>
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setChoosing(true)}>{t('collab.snooze.pick')}</MenuItem>
      </Menu>
      {choosing && (
        <Suspense>
          <SnoozeDialog row={row} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </>
  );
}
