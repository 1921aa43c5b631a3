import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { labelPoint } from './labelpoint';

const polygon = (...coordinates: Position[][]) => ({ type: 'Polygon' as const, coordinates });
const square = (x: number, y: number, size: number): Position[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

describe('where a label sits', () => {
  it('is the middle of a square', () => {
    const at = labelPoint(polygon(square(122, 37, 0.01)));
    expect(at?.[0]).toBeCloseTo(122.005, 3);
    expect(at?.[1]).toBeCloseTo(37.005, 3);
  });

  it('lies inside an L, whose box’s middle is outside', () => {
    const l: Position[] = [
      [0, 0],
      [10, 0],
      [10, 2],
      [2, 2],
      [2, 10],
      [0, 10],
      [0, 0],
    ];
    const [x = NaN, y = NaN] = labelPoint(polygon(l)) ?? [];
    expect((x < 2 && y < 10) || (y < 2 && x < 10)).toBe(true);
    expect(Math.min(x, y)).toBeGreaterThan(0.5);
  });

  it('keeps out of a hole', () => {
    const [x = NaN] = labelPoint(polygon(square(0, 0, 10), square(1, 1, 7).toReversed())) ?? [];
    const [, y = NaN] = labelPoint(polygon(square(0, 0, 10), square(1, 1, 7).toReversed())) ?? [];
    expect(x > 8 || y > 8).toBe(true);
  });

  it('takes the roomiest of several polygons', () => {
    const [x = NaN] =
      labelPoint({ type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], [square(10, 0, 3)]] }) ?? [];
    expect(x).toBeGreaterThan(10);
  });

  it.each([
    ['empty', polygon()],
    [
      'a line',
      polygon([
        [0, 0],
        [1, 0],
        [2, 0],
        [0, 0],
      ]),
    ],
    ['no polygons', { type: 'MultiPolygon' as const, coordinates: [] }],
  ])('is nowhere for a shape that is %s', (_, shape) => {
    expect(labelPoint(shape)).toBeNull();
  });
});
