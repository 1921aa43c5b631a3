import { describe, expect, it } from 'vitest';
import { divergence, notable } from './area';

describe('legal against computed area', () => {
  it.each([
    [100, 101, null],
    [100, 99, null],
    [100, 101.1, 0.011],
    [100, 98.5, -0.015],
    [0, 5, null],
    [100, NaN, null],
  ])('legal %f, computed %f → %s', (legal, computed, expected) => {
    const got = notable(legal, computed);
    if (expected === null) expect(got).toBeNull();
    else expect(got).toBeCloseTo(expected, 12);
  });

  it('is signed: less computed than legal is negative', () => {
    expect(divergence(200, 190)).toBeCloseTo(-0.05, 12);
  });
});
