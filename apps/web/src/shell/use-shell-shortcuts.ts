import { useNavigate } from '@tanstack/react-router';
import { useShortcut } from '../lib/shortcuts.ts';
import { paths } from '../paths.ts';

interface ShellActs {
  openPalette: () => void;
  openSheet: () => void;
}

/** The keys that work on every screen. */
export function useShellShortcuts({ openPalette, openSheet }: ShellActs): void {
  const navigate = useNavigate();
  useShortcut('g p', 'go', 'shell.shortcuts.goPayouts', () => void navigate(paths.payouts()));
  useShortcut('g b', 'go', 'shell.shortcuts.goBulk', () => void navigate(paths.bulkRuns()));
  useShortcut('g r', 'go', 'shell.shortcuts.goReconciliation', () => void navigate(paths.reconciliation()));
  useShortcut('g o', 'go', 'shell.shortcuts.goOverrides', () => void navigate(paths.overrides()));
  useShortcut('g a', 'go', 'shell.shortcuts.goAudit', () => void navigate(paths.audit()));
  useShortcut('g c', 'go', 'shell.shortcuts.goControls', () => void navigate(paths.controls()));
  useShortcut('mod+k', 'view', 'shell.shortcuts.palette', openPalette);
  useShortcut('/', 'view', 'shell.shortcuts.palette', openPalette, 'general');
  useShortcut('?', 'view', 'shell.shortcuts.sheet', openSheet);
}
