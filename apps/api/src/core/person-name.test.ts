import { describe, expect, test } from 'vitest';
import { initialsOf, nameMatches } from './person-name.ts';

describe('initials', () => {
  test.each([
    ['Ayşe Yılmaz', 'AY'],
    ['Ayşe Nur Yılmaz', 'AY'],
    ['İbrahim Işık', 'İI'],
    ['Şule Çağlayan', 'ŞÇ'],
    ['  madonna ', 'M'],
    ['𝒜 b', '𝒜B'],
    ['', ''],
  ])('%s: %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('what is typed finds', () => {
  test.each([
    ['İbrahim Işık', 'ibr', true],
    ['İbrahim Işık', 'ışı', true],
    ['İbrahim Işık', 'isi', true],
    ['İbrahim Işık', 'ISIK', true],
    ['Şule Çağlayan', 'cagla', true],
    ['Şule Çağlayan', 'çağ şu', true],
    ['Jonas Weber', 'w j', true],
    ['Jonas Weber', 'onas', false],
    ['Jonas Weber', 'jonas x', false],
    ['Jonas Weber', ' ', true],
  ])('%s by %s: %s', (name, typed, found) => {
    expect(nameMatches(name, typed)).toBe(found);
  });
});
