import { describe, expect, it } from 'vitest';
import { bearingOf, longestSide, turned } from './bearing';
import type { LonLat } from './feed';
import { planeOf, toLonLat, type Plane } from './projection';

const plane = planeOf(4550) as Plane;
const at = (north: number, east: number): LonLat =>
  toLonLat(plane, { north: 4_100_000 + north, east: 500_000 + east });

describe('bearings', () => {
  it.each([
    [100, 0, 0],
    [0, 100, 90],
    [-100, 0, 180],
    [0, -100, 270],
    [100, 100, 45],
  ])('from the grid’s north to %i N %i E is %i°', (north, east, expected) => {
    expect(bearingOf(plane, at(0, 0), at(north, east))).toBeCloseTo(expected, 4);
  });

  it('finds the longest side, whichever way the ring runs', () => {
    const ring = [at(0, 0), at(0, 50), at(200, 250), at(100, 0), at(0, 0)];
    expect(longestSide(plane, ring)).toBeCloseTo(45, 1);
    expect(longestSide(plane, ring.toReversed())).toBeCloseTo(45, 1);
  });

  it('turns by keys and stays within the circle', () => {
    expect(turned(0, 'ArrowLeft', false, false)).toBe(359);
    expect(turned(359.5, 'ArrowRight', false, false)).toBe(0.5);
    expect(turned(350, 'ArrowUp', true, false)).toBe(0);
    expect(turned(10, 'ArrowDown', false, true)).toBe(9.9);
    expect(turned(10, 'Enter', false, false)).toBeNull();
  });
});
