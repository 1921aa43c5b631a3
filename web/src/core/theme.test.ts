import { describe, expect, it } from 'vitest';
import { kinds, statuses } from './feed';
import { cssVariables, dark, light, mix } from './theme';

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
