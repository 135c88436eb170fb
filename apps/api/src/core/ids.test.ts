import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ID_PREFIX, type IdKind, kindOfId, newUuid, parseId, toId } from './ids.ts';

const KINDS = Object.keys(ID_PREFIX) as IdKind[];
const kind = fc.constantFrom(...KINDS);
const uuid = fc.uuid({ version: 7 });

it('an id reads back as its uuid and names its kind', () => {
  fc.assert(
    fc.property(kind, uuid, (k, u) => {
      const id = toId(k, u);
      expect(id).toMatch(new RegExp(`^${ID_PREFIX[k]}_[0-9a-hjkmnp-tv-z]{26}$`));
      expect(parseId(k, id)).toBe(u);
      expect(kindOfId(id)).toBe(k);
    }),
  );
});

it('an id of one kind is never taken for another', () => {
  const two = fc.tuple(kind, kind).filter(([a, b]) => a !== b);
  fc.assert(
    fc.property(two, uuid, ([a, b], u) => {
      expect(parseId(b, toId(a, u))).toBeNull();
    }),
  );
});

it('the prefixes are distinct', () => {
  expect(new Set(Object.values(ID_PREFIX)).size).toBe(KINDS.length);
});

it.each([
  '',
  'po_',
  'po',
  '_',
  'po_1',
  'po_01HQ8KZ3M4E7X2MZZZZZZZZZZZ',
  'po_8zzzzzzzzzzzzzzzzzzzzzzzzz',
  'po_01kfh1v9c5fr0s2ph9b4w2zq6l',
  'xx_01kfh1v9c5fr0s2ph9b4w2zq6n',
  'PO_01kfh1v9c5fr0s2ph9b4w2zq6n',
  'po_01kfh1v9c5fr0s2ph9b4w2zq6n ',
  "po_' OR 1=1 --",
  '0199f8f0-0000-7000-8000-000000000000',
])('%j is no id of a payout', (text) => {
  expect(parseId('payout', text)).toBeNull();
  expect(kindOfId(text)).toBeNull();
});

it('new uuids are of version 7 and sort by their time', () => {
  const made = Array.from({ length: 1_000 }, () => newUuid());
  for (const one of made) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(made.length);
  expect([...made].sort()).toEqual(made);
});
