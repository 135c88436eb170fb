import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalHash, canonicalJson, hasUnstorableText, plain, storable } from './canonical-json.ts';

/** RFC 8785, appendix B: IEEE 754 double in hexadecimal → its canonical form. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

describe('RFC 8785', () => {
  it.each(NUMBERS)('double %s is %s', (hex, text) => {
    expect(canonicalJson(Buffer.from(hex, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d has no form', (number) => {
    expect(() => canonicalJson({ number })).toThrow();
  });

  it('section 3.2.2: literals, numbers and strings', () => {
    const given = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as unknown;
    expect(canonicalJson(given)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('section 3.2.3: members in order of their UTF-16 code units', () => {
    const given = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`) as unknown;
    expect(Object.values(JSON.parse(canonicalJson(given)) as object).length).toBe(7);
    expect(canonicalJson(given).match(/(?<=:")[^"]+/g)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });
});

describe('what is not JSON', () => {
  it('bigint is a decimal string, Date is ISO text, undefined is dropped', () => {
    const at = new Date('2026-11-20T10:00:00.000Z');
    expect(canonicalJson({ b: 9_007_199_254_740_993n, a: at, c: undefined, d: [undefined, 1n] })).toBe(
      '{"a":"2026-11-20T10:00:00.000Z","b":"9007199254740993","d":[null,"1"]}',
    );
  });

  it.each([undefined, () => 1, Symbol('s')])('%s has no form', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });

  it('an invalid date is an error, not text', () => {
    expect(() => plain({ at: new Date('x') })).toThrow(RangeError);
  });
});

describe('hash', () => {
  it('is the SHA-256 of the canonical text', () => {
    expect(canonicalHash({ b: 1, a: 2 })).toBe('d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772');
  });

  it('does not depend on the order in which members were written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalHash(reversed)).toBe(canonicalHash(object));
      }),
    );
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('text that the database cannot keep', () => {
  it.each([
    ['a\u0000b', true],
    [{ deep: [{ 'a\u0000': 1 }] }, true],
    [['\ud800'], true],
    ['\udc00', true],
    ['😀 ğ ş ı İ', false],
    [{ a: 1, b: null, c: true, d: 1n, e: new Date(0) }, false],
    ['\\u0000', false],
  ])('case %#', (value, expected) => {
    expect(hasUnstorableText(value)).toBe(expected);
  });

  it('is found however deep, without running out of stack', () => {
    let value: unknown = '\u0000';
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(hasUnstorableText(value)).toBe(true);
  });

  it('is replaced by storable', () => {
    expect(storable('a\u0000b\ud800')).toBe('a\ufffdb\ufffd');
  });
});
