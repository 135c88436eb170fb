import { afterEach, describe, expect, it } from 'vitest';
import {
  activeShortcuts,
  addShortcut,
  createReader,
  isTyping,
  type KeyPress,
  keyCaps,
  pressName,
} from './shortcuts.ts';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more };
}

describe('pressName', () => {
  it.each([
    [press('r'), 'r'],
    [press('?'), '?'],
    [press('K', { metaKey: true }), 'mod+k'],
    [press('k', { ctrlKey: true }), 'mod+k'],
    [press('I'), 'i'],
    [press('Escape'), 'Escape'],
    [press('r', { altKey: true }), null],
    [press('Shift'), null],
    [press('a', { isComposing: true }), null],
  ])('%o', (event, name) => {
    expect(pressName(event)).toBe(name);
  });
});

describe('isTyping', () => {
  it.each([
    [{ tagName: 'INPUT', type: 'text' }, true],
    [{ tagName: 'INPUT', type: 'checkbox' }, false],
    [{ tagName: 'TEXTAREA' }, true],
    [{ tagName: 'SELECT' }, true],
    [{ tagName: 'DIV', isContentEditable: true }, true],
    [{ tagName: 'DIV', isContentEditable: false }, false],
    [null, false],
  ])('%o is %s', (target, typing) => {
    expect(isTyping(target)).toBe(typing);
  });
});

describe('createReader', () => {
  const known = ['j', 'r', 'g p', 'g a', 'mod+k'];
  const reader = () => createReader(() => known);

  it('runs a single key at once', () => {
    expect(reader()('r', 0)).toEqual({ kind: 'run', keys: 'r' });
  });

  it('waits after a prefix and runs the sequence', () => {
    const read = reader();
    expect(read('g', 0)).toEqual({ kind: 'wait' });
    expect(read('p', 300)).toEqual({ kind: 'run', keys: 'g p' });
  });

  it('forgets a prefix that waited too long', () => {
    const read = reader();
    read('g', 0);
    expect(read('p', 5_000)).toEqual({ kind: 'none' });
  });

  it('lets a key that continues no sequence count on its own', () => {
    const read = reader();
    read('g', 0);
    expect(read('j', 100)).toEqual({ kind: 'run', keys: 'j' });
    expect(read('p', 200)).toEqual({ kind: 'none' });
  });
});

describe('the registry', () => {
  const added: (() => void)[] = [];
  const add = (keys: string, run: () => void): void => {
    added.push(addShortcut({ keys, area: 'act', label: 'common.retry', run }));
  };
  afterEach(() => {
    for (const remove of added.splice(0)) remove();
  });

  it('lists the latest of equal keys, and the earlier one again when that is gone', () => {
    const first = () => undefined;
    const second = () => undefined;
    add('r', first);
    add('r', second);
    expect(activeShortcuts().map((shortcut) => shortcut.run)).toEqual([second]);
    added.pop()?.();
    expect(activeShortcuts().map((shortcut) => shortcut.run)).toEqual([first]);
  });

  it('gives a screen its key before a general one, whichever came first', () => {
    const own = { keys: '/', area: 'list', label: 'common.grid.moveDown', run: () => undefined } as const;
    const general = { ...own, area: 'view', label: 'common.grid.moveUp' } as const;
    const drop = addShortcut(own);
    added.push(addShortcut(general, 'general'));
    expect(activeShortcuts()).toEqual([own]);
    drop();
    expect(activeShortcuts()).toEqual([general]);
  });
});

describe('keyCaps', () => {
  it('draws one cap per key of a sequence', () => {
    expect(keyCaps('g p')).toEqual(['g', 'p']);
    expect(keyCaps('Escape')).toEqual(['Esc']);
  });
});
