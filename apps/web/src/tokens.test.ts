import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function pair(name: string): [light: string, dark: string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  if (!found?.[1] || !found[2]) throw new Error(`tokens.css has no --${name}`);
  return [found[1], found[2]];
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

const neutral = ['paper', 'panel', 'sunken', 'selection'];
const text: [ink: string, surfaces: string[]][] = [
  ['ink', neutral],
  ['ink-2', neutral],
  ['quiet', neutral],
  ['on-ink', ['ink']],
  ...['low', 'med', 'high', 'safe', 'unsure'].map((tone): [string, string[]] => [tone, [...neutral, `${tone}-soft`]]),
  ['moving', neutral],
  ['ink', ['low-soft', 'med-soft', 'high-soft', 'safe-soft', 'unsure-soft']],
  ['quiet', ['safe-soft', 'high-soft', 'unsure-soft', 'low-soft', 'med-soft']],
];

describe('tokens', () => {
  const cases = text.flatMap(([ink, surfaces]) => surfaces.map((surface) => [ink, surface] as const));
  it.each(cases)('%s on %s reads at 4.5 : 1 in both themes', (ink, surface) => {
    const [lightInk, darkInk] = pair(ink);
    const [lightSurface, darkSurface] = pair(surface);
    expect(contrast(lightInk, lightSurface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(darkInk, darkSurface)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['low-mark', 'high-mark', 'safe-mark', 'moving-mark', 'focus'])('the mark %s is seen at 3 : 1', (mark) => {
    const [light, dark] = pair(mark);
    expect(contrast(light, pair('panel')[0])).toBeGreaterThanOrEqual(3);
    expect(contrast(dark, pair('panel')[1])).toBeGreaterThanOrEqual(3);
  });
});
