import { useState } from 'react';
import { type PlainTextKey, useText } from '../lib/i18n.ts';
import { useSetting } from '../lib/setting.ts';
import { activeShortcuts, type Shortcut, type ShortcutArea, singleKeysSetting } from '../lib/shortcuts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox } from '../ui/field.tsx';
import { ariaKeys, Kbd } from '../ui/kbd.tsx';

const AREAS: readonly ShortcutArea[] = ['go', 'list', 'act', 'view'];

/** Two keys that do the same are one line. */
function byLabel(shortcuts: readonly Shortcut[]): [PlainTextKey, string[]][] {
  const lines = new Map<PlainTextKey, string[]>();
  for (const { keys, label } of shortcuts) lines.set(label, [...(lines.get(label) ?? []), keys]);
  return [...lines];
}

/** The keys that work on the screen it was opened from, and the switch that turns single keys off. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useText();
  const single = useSetting(singleKeysSetting);
  // What worked when it opened: the sheet itself suspends nothing from the list.
  const [shortcuts] = useState(activeShortcuts);
  return (
    <Dialog open onClose={onClose} title={t('shell.shortcuts.title')}>
      <div className="grid grid-cols-2 gap-x-8 gap-y-5 max-sm:grid-cols-1">
        {AREAS.map((area) => {
          const own = byLabel(shortcuts.filter((shortcut) => shortcut.area === area));
          if (own.length === 0) return null;
          return (
            <section key={area}>
              <h3 className="mb-1 text-2xs font-medium text-quiet">{t(`shell.shortcuts.areas.${area}`)}</h3>
              <ul>
                {own.map(([label, keys]) => (
                  <li
                    key={label}
                    className="flex h-7 items-center justify-between border-b border-line last:border-b-0"
                  >
                    {t(label)}
                    <span className="inline-flex items-center gap-1.5">
                      {keys.map((one) => (
                        <Kbd key={one} keys={one} />
                      ))}
                    </span>
                    <span className="sr-only">{keys.map(ariaKeys).join(', ')}</span>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      <div className="mt-5 rounded-md bg-sunken px-3 py-2">
        <Checkbox
          label={t('shell.shortcuts.single')}
          checked={single === 'on'}
          onChange={(event) => singleKeysSetting.set(event.target.checked ? 'on' : 'off')}
        />
        <p className="text-xs text-quiet">{t('shell.shortcuts.singleHint')}</p>
      </div>
    </Dialog>
  );
}
