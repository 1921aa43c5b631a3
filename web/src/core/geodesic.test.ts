import { describe, expect, it } from 'vitest';
import type { LonLat } from './feed';
import { areaOf, distance, lengthOf } from './geodesic';
import measured from './measured.json';

describe('on the ellipsoid', () => {
  it.each(measured.lines)('$name is as long as PostGIS says', ({ at, m }) => {
    expect(Math.abs(lengthOf(at as LonLat[]) - m)).toBeLessThan(2e-4);
  });

  it.each(measured.rings)('$name is as large as PostGIS says', ({ at, m2 }) => {
    expect(Math.abs(areaOf(at as LonLat[]) - m2)).toBeLessThan(0.01 + 2e-6 * m2);
    expect(areaOf([...at].reverse() as LonLat[])).toBeCloseTo(areaOf(at as LonLat[]), 3);
    expect(areaOf([...at, at[0]] as LonLat[])).toBeCloseTo(areaOf(at as LonLat[]), 3);
  });

  it('says nothing of what is nothing', () => {
    expect(distance([122, 37], [122, 37])).toBe(0);
    expect(lengthOf([[122, 37]])).toBe(0);
    expect(lengthOf([])).toBe(0);
    expect(areaOf([])).toBe(0);
    expect(
      areaOf([
        [122, 37],
        [123, 38],
      ]),
    ).toBeCloseTo(0, 3);
  });
});
