import { describe, expect, it } from 'vitest';
import { isDecimal, shift } from './decimal';

describe('a typed decimal', () => {
  it.each([
    ['1234567890.12', -4, '123456.789012'],
    ['123456.789012', 4, '1234567890.12'],
    ['0', 4, '0'],
    ['5', -4, '0.0005'],
    ['0.0005', 4, '5'],
    ['12', 4, '120000'],
    ['007', 0, '7'],
    ['1.10', 0, '1.1'],
    [' 3 ', -1, '0.3'],
    ['three', 4, 'three'],
    ['', -4, ''],
  ])('%s × 10^%s is %s', (text, places, expected) => expect(shift(text, places)).toBe(expected));

  it('comes back from there and back', () => {
    for (let cents = 1; cents < 1e15; cents = cents * 7 + 3) {
      const text = shift(String(cents), -2);
      expect(shift(shift(text, -4), 4)).toBe(text);
    }
  });

  it.each([
    ['12.5', 2, true],
    ['12.555', 2, false],
    ['12.', 2, false],
    ['-1', 2, false],
    ['1e3', 2, false],
    ['', 2, false],
  ])('%s with at most %s decimals: %s', (text, decimals, expected) =>
    expect(isDecimal(text, decimals)).toBe(expected),
  );
});
