import { useEffect, useRef } from 'react';
import type { PlainTextKey } from './i18n.ts';
import { createSetting } from './setting.ts';

/*
 * Every single-key shortcut of the console lives in this registry, so that the `?` sheet lists what works right now,
 * and one switch turns them all off (WCAG 2.1.4). Keys: `r`, `?`, `g p` (one after the other), `mod+k` (⌘ or Ctrl).
 */

export type ShortcutArea = 'go' | 'list' | 'act' | 'view';

export interface Shortcut {
  keys: string;
  area: ShortcutArea;
  /** What the sheet says it does. */
  label: PlainTextKey;
  /** Told the press itself: some keys do more with shift. */
  run: (press: KeyPress) => void;
}

/** Whether single keys act. Combinations with ⌘ or Ctrl always do. */
export const singleKeysSetting = createSetting<'on' | 'off'>('single-keys', ['on', 'off'], () => 'on');

/** How long a prefix such as `g` waits for its second key. */
const SEQUENCE_MS = 1_200;

let active: Shortcut[] = [];
let suspended = 0;

/** Whose key it is: a general one works where the screen that is open has no other use for it. */
export type ShortcutRank = 'screen' | 'general';

/** Adds a shortcut; the latest one of a screen wins its keys, whenever the general one came. Returns what removes it. */
export function addShortcut(shortcut: Shortcut, rank: ShortcutRank = 'screen'): () => void {
  active = rank === 'general' ? [shortcut, ...active] : [...active, shortcut];
  return () => {
    active = active.filter((other) => other !== shortcut);
  };
}

/** What works right now, the latest for each keys. */
export function activeShortcuts(): Shortcut[] {
  return [...new Map(active.map((shortcut) => [shortcut.keys, shortcut])).values()];
}

/** While a modal is open, keys belong to it. Returns what lifts the suspension. */
export function suspendShortcuts(): () => void {
  suspended += 1;
  let lifted = false;
  return () => {
    if (!lifted) suspended -= 1;
    lifted = true;
  };
}

/** A shortcut for as long as the component is there and `run` is not null. */
export function useShortcut(
  keys: string,
  area: ShortcutArea,
  label: PlainTextKey,
  run: ((press: KeyPress) => void) | null,
  rank: ShortcutRank = 'screen',
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const on = run !== null;
  useEffect(() => {
    if (!on) return;
    return addShortcut({ keys, area, label, run: (press) => latest.current?.(press) }, rank);
  }, [keys, area, label, on, rank]);
}

/** The part of a keyboard event that decides. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey?: boolean;
  isComposing?: boolean;
  target: unknown;
}

/** The name of a press in the registry's writing, or null for one that can be no shortcut (alt, a lone modifier). */
export function pressName(press: KeyPress): string | null {
  if (press.altKey || press.isComposing || press.key.length === 0) return null;
  if (['Shift', 'Control', 'Meta', 'Alt', 'Dead', 'Process'].includes(press.key)) return null;
  // Shift is already in the key: `?`, `J`. Not folded by locale: Turkish has two i.
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.metaKey || press.ctrlKey ? `mod+${key}` : key;
}

/** Whether the press goes into something that takes text or keys of its own. */
export function isTyping(target: unknown): boolean {
  if (typeof target !== 'object' || target === null) return false;
  const { tagName, type, isContentEditable } = target as {
    tagName?: string;
    type?: string;
    isContentEditable?: boolean;
  };
  if (isContentEditable) return true;
  if (tagName === 'TEXTAREA' || tagName === 'SELECT') return true;
  return tagName === 'INPUT' && !['checkbox', 'radio', 'button', 'submit', 'reset', 'file'].includes(type ?? 'text');
}

export type Outcome = { kind: 'run'; keys: string } | { kind: 'wait' } | { kind: 'none' };

/**
 * Reads presses one by one against the known keys. A prefix waits `SEQUENCE_MS`; a second key that fits no sequence
 * counts on its own, so `g` followed by `j` still moves down.
 */
export function createReader(known: () => readonly string[]): (name: string, atMs: number) => Outcome {
  let prefix: { name: string; atMs: number } | null = null;
  return (name, atMs) => {
    const keys = known();
    if (prefix && atMs - prefix.atMs <= SEQUENCE_MS) {
      const both = `${prefix.name} ${name}`;
      prefix = null;
      if (keys.includes(both)) return { kind: 'run', keys: both };
    }
    prefix = null;
    if (keys.includes(name)) return { kind: 'run', keys: name };
    if (keys.some((other) => other.startsWith(`${name} `))) {
      prefix = { name, atMs };
      return { kind: 'wait' };
    }
    return { kind: 'none' };
  };
}

/** Listens on the window. Started once by the shell; returns what stops it. */
export function startShortcuts(): () => void {
  const read = createReader(() => active.map((shortcut) => shortcut.keys));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || suspended > 0) return;
    const name = pressName(event);
    if (name === null) return;
    const combined = name.startsWith('mod+');
    if (!combined && (isTyping(event.target) || singleKeysSetting.get() === 'off')) return;
    const outcome = read(name, event.timeStamp);
    if (outcome.kind !== 'run') return;
    event.preventDefault();
    active.findLast((shortcut) => shortcut.keys === outcome.keys)?.run(event);
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

/** Keys as they are drawn: `mod+k` is ⌘K on a Mac and Ctrl K elsewhere; a sequence has one cap per key. */
export function keyCaps(keys: string): string[] {
  const mac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);
  return keys.split(' ').map((key) => {
    if (!key.startsWith('mod+')) return key === 'Escape' ? 'Esc' : key;
    const held = key.slice('mod+'.length);
    const cap = held.length === 1 ? held.toUpperCase() : held;
    return mac ? `⌘${cap}` : `Ctrl ${cap}`;
  });
}
