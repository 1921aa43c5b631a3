import { describe, expect, it } from 'vitest';
import type { Building } from '../core/api';
import type { Parcel } from '../core/feed';
import { beside, standingOf } from './standing';

const square = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 0],
    ],
  ],
};
const parcels = new Map([['p', { id: 'p', geometry: square } as unknown as Parcel]]);
const building = (code: string, more: Partial<Building> = {}): Building =>
  ({
    id: code,
    code,
    parcel: 'p',
    name_zh: '一号厂房',
    name_en: 'Workshop one',
    position: null,
    units: 3,
    free: 2,
    ...more,
  }) as Building;

describe('where workshops stand', () => {
  it('is beside each other within their parcel', () => {
    const points = beside(square, 3);
    expect(points.map(([lon]) => lon)).toEqual([1, 2, 3]);
    expect(new Set(points.map(([, lat]) => lat)).size).toBe(1);
    expect(beside(square, 1)).toHaveLength(1);
    expect(beside({ type: 'Polygon', coordinates: [] }, 2)).toEqual([]);
  });

  it('is their own point where it is known, and nowhere on a parcel that is not shown', () => {
    const all = [building('A'), building('B', { position: [1, 1] }), building('C', { parcel: 'gone' })];
    const standing = standingOf('en', all, parcels);
    expect(standing.map(({ code }) => code)).toEqual(['A', 'B']);
    expect(standing[1]?.at).toEqual([1, 1]);
  });

  it('is told with how many units are free', () => {
    const labels = [
      building('A'),
      building('B', { free: 1 }),
      building('C', { free: 0 }),
      building('D', { units: 0, free: 0 }),
    ].map((each) => standingOf('en', [each], parcels)[0]);
    expect(labels.map((each) => each?.label.split('\n')[1])).toEqual([
      '2 units free',
      '1 unit free',
      'no unit free',
      'no units yet',
    ]);
    expect(labels.map((each) => each?.free)).toEqual([true, true, false, false]);
  });
});
