import { expect, it } from 'vitest';
import { boxAround, boxOf } from './bbox';

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
