import { describe, expect, it } from 'vitest';
import type { BBox } from './feed';
import { gridStep, surveyGrid } from './grid';
import { planeOf, toPlane } from './projection';

const plane = planeOf(4550);
if (!plane) throw new Error('no plane');

describe('the survey grid', () => {
  it('puts every cross on round coordinates of the plane', () => {
    const grid = surveyGrid(plane, [122.0, 37.24, 122.06, 37.27]);
    expect(grid?.stepM).toBe(1000);
    expect(grid?.crosses.length).toBeGreaterThan(10);
    for (const [lon, lat] of grid?.crosses ?? []) {
      const { north, east } = toPlane(plane, lon, lat);
      expect(Math.abs(north / 1000 - Math.round(north / 1000))).toBeLessThan(1e-5);
      expect(Math.abs(east / 1000 - Math.round(east / 1000))).toBeLessThan(1e-5);
    }
  });

  it.each<[string, BBox]>([
    ['too wide', [110, 30, 125, 40]],
    ['too far from the meridian', [100, 37.2, 100.01, 37.21]],
  ])('is not drawn where the view is %s', (_, box) => {
    expect(surveyGrid(plane, box)).toBeNull();
  });

  it('takes the smallest step that is not clutter', () => {
    expect([10, 499, 501, 1001, 99_999, 100_001].map(gridStep)).toEqual([50, 50, 100, 200, 10_000, null]);
  });
});
