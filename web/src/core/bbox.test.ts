import { expect, it } from 'vitest';
import { boxAround, boxOf, holds, overlaps } from './bbox';

it('is as wide and high as what it goes around', () => {
  expect(
    boxAround([
      [122, 37.5],
      [121, 37],
      [121.5, 38],
    ]),
  ).toEqual([121, 37, 122, 38]);
  expect(boxAround([[122, 37]])).toEqual([122, 37, 122, 37]);
  expect(boxAround([])).toBeNull();
});

it('goes around a place, a line and an area', () => {
  expect(boxOf({ type: 'Point', coordinates: [122, 37] })).toEqual([122, 37, 122, 37]);
  const line = [
    [1, 2],
    [3, 0],
  ];
  expect(boxOf({ type: 'LineString', coordinates: line })).toEqual([1, 0, 3, 2]);
  expect(boxOf({ type: 'MultiPolygon', coordinates: [[line], [[[9, 9]]]] })).toEqual([1, 0, 9, 9]);
  expect(boxOf({ type: 'GeometryCollection', geometries: [] })).toBeNull();
});

it.each([
  [[0, 0, 10, 10], true],
  [[0.05, 0, 10, 10], true],
  [[1, 0, 10, 10], false],
  [null, false],
] as const)('holds another but for a hundredth: %o', (box, held) => {
  expect(holds(box && [...box], [0, 0, 10, 10])).toBe(held);
});

it.each([
  [[2, 2, 3, 3], true],
  [[4, 4, 9, 9], true],
  [[4.1, 0, 9, 9], false],
] as const)('overlaps a view: %o', (view, seen) => {
  const geometry = {
    type: 'LineString' as const,
    coordinates: [
      [1, 1],
      [4, 4],
    ],
  };
  expect(overlaps({ geometry }, [...view])).toBe(seen);
  expect(overlaps({ geometry }, [...view])).toBe(seen);
});
