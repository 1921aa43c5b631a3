import { describe, expect, it } from 'vitest';
import { kinds, statuses } from './feed';
import { cssVariables, dark, heatColour, light, mix } from './theme';

const channel = (hex: string, at: number): number => {
  const value = parseInt(hex.slice(1 + at * 2, 3 + at * 2), 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const luminance = (hex: string): number =>
  0.2126 * channel(hex, 0) + 0.7152 * channel(hex, 1) + 0.0722 * channel(hex, 2);
/** WCAG 2.2's contrast ratio. */
const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

/** What is left of linear red, green and blue to whom a kind of cone is missing (Machado et al. 2009, severity 1). */
const eyes = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

/** CIE L* of a colour, 0 to 100, as an eye sees it. */
function lightness(hex: string, eye: keyof typeof eyes): number {
  const seen = eyes[eye].map((row) => {
    const sum = row.reduce<number>((total, share, at) => total + share * channel(hex, at), 0);
    return Math.min(1, Math.max(0, sum));
  });
  const y = 0.2126 * (seen[0] ?? 0) + 0.7152 * (seen[1] ?? 0) + 0.0722 * (seen[2] ?? 0);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
}

describe.each([
  ['light', light, -1],
  ['dark', dark, 1],
] as const)("the %s theme's ramp of a surface", (_, theme, way) => {
  it.each(Object.keys(eyes) as (keyof typeof eyes)[])('runs one way in lightness to a %s', (eye) => {
    const steps = Array.from({ length: 101 }, (_, i) => way * lightness(heatColour(theme, i / 100), eye));
    steps.slice(1).forEach((step, i) => expect(step).toBeGreaterThan((steps[i] ?? 0) + 0.2));
    expect((steps.at(-1) ?? 0) - (steps[0] ?? 0)).toBeGreaterThan(70);
    // no tenth of the ramp is flat: scores that differ by a tenth can be told apart
    for (let i = 0; i <= 90; i += 10) expect((steps[i + 10] ?? 0) - (steps[i] ?? 0)).toBeGreaterThan(3.5);
  });

  it('begins and ends at its first and last colour', () => {
    expect(heatColour(theme, -1)).toBe(theme.heat[0]);
    expect(heatColour(theme, 2)).toBe(theme.heat.at(-1));
  });
});

it('mixes two colours channel by channel', () => {
  expect(mix('#000000', '#ffffff', 0)).toBe('#000000');
  expect(mix('#000000', '#ffffff', 1)).toBe('#ffffff');
  expect(mix('#0a6400', '#1400c8', 0.5)).toBe('#0f3264');
});

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  it('can be read: text against its ground at 4.5 or more', () => {
    for (const text of [theme.ink, theme.ink2, theme.seal, theme.focus])
      expect(contrast(text, theme.sheet)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.onSeal, theme.seal)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.onBuilt, theme.status.built)).toBeGreaterThanOrEqual(4.5);
  });

  it('gives every status and kind a colour of its own where they must be told apart', () => {
    expect(new Set(statuses.map((status) => theme.status[status])).size).toBe(statuses.length);
    const pipes = kinds.filter((kind) => kind !== 'road' && kind !== 'power');
    expect(new Set(pipes.map((kind) => theme.kind[kind as keyof typeof theme.kind])).size).toBe(pipes.length);
  });

  it('names the same variables as the other theme', () => {
    expect(Object.keys(cssVariables(theme))).toEqual(Object.keys(cssVariables(light)));
    expect(cssVariables(theme)['--status-reserve']).toBe(theme.status.reserve);
    expect(cssVariables(theme)['--ink-2']).toBe(theme.ink2);
  });
});
