import { describe, expect, it } from 'vitest';
import { barOf, meets, pathIn, windowsOf } from './minimap';
import { planeOf, toLonLat, type Plane } from './projection';

const plane = planeOf(4550) as Plane;
/** A rectangle of the survey plane, in metres. */
const rectangle = (east: number, north: number, width: number, height: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [east, north],
      [east + width, north],
      [east + width, north + height],
      [east, north + height],
      [east, north],
    ].map(([e = 0, n = 0]) => [...toLonLat(plane, { east: e, north: n })]),
  ],
});
const small = rectangle(410_000, 4_125_000, 100, 50);
const large = rectangle(411_000, 4_126_000, 300, 400);

describe('small maps side by side', () => {
  const windows = windowsOf(plane, [small, large, null]);

  it('have one scale, and the site in the middle', () => {
    expect(windows.map((window) => window?.side)).toEqual([
      expect.closeTo(680, 0),
      expect.closeTo(680, 0),
      undefined,
    ]);
    expect(windows[0]?.east).toBeCloseTo(410_050, 1);
    expect(windows[0]?.north).toBeCloseTo(4_125_025, 1);
  });

  it('draw in metres with north up', () => {
    const path = windows[0] ? pathIn(plane, windows[0], small) : '';
    const points = [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = points;
    expect(x1 - x0).toBeCloseTo(100, 0);
    expect(y1).toBeCloseTo(y0, 0);
    expect(x2).toBeCloseTo(x1, 0);
    expect(y2 - y1).toBeCloseTo(-50, 0); // the far side is the northern one: above
    expect(path.endsWith('Z')).toBe(true);
  });

  it('leave out what lies outside, and have a round bar', () => {
    expect(windows[0] && meets(plane, windows[0], small)).toBe(true);
    expect(windows[0] && meets(plane, windows[0], large)).toBe(false);
    expect(barOf({ east: 0, north: 0, side: 680 })).toBe(200);
    expect(barOf({ east: 0, north: 0, side: 150 })).toBe(50);
  });
});
