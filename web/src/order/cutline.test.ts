import { describe, expect, it } from 'vitest';
import { cutLine, sharedLine } from './cutline';
import type { LonLat } from '../core/feed';
import { planeOf, toLonLat, toPlane, type Plane } from '../core/projection';

const plane = planeOf(4550) as Plane;
const at = (north: number, east: number): LonLat =>
  toLonLat(plane, { north: 4_124_000 + north, east: 414_000 + east });
const square = [at(0, 0), at(0, 100), at(200, 100), at(200, 0), at(0, 0)];

describe('a cut by bearing and offset', () => {
  it.each([
    [0, 0, [-5, 50], [205, 50]],
    [0, 20, [-5, 70], [205, 70]],
    [90, 0, [100, -5], [100, 105]],
    [90, 30, [70, -5], [70, 105]],
    [180, 20, [205, 30], [-5, 30]],
  ])('bearing %i°, %i m to the right', (bearing, offset, from, to) => {
    const [first, last] = cutLine(plane, square, bearing, offset).map((point) => toPlane(plane, ...point));
    expect([(first?.north ?? 0) - 4_124_000, (first?.east ?? 0) - 414_000]).toEqual(
      from.map((v) => expect.closeTo(v, 3)),
    );
    expect([(last?.north ?? 0) - 4_124_000, (last?.east ?? 0) - 414_000]).toEqual(
      to.map((v) => expect.closeTo(v, 3)),
    );
  });
});

describe('the line two parcels share', () => {
  const [p, q, r, s, t, u, v] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [1, 2],
    [0, 2],
    [2, 2],
    [2, 0],
  ] as LonLat[] as [LonLat, LonLat, LonLat, LonLat, LonLat, LonLat, LonLat];
  const left = [p, q, r, s, t, p];
  const right = [q, v, u, s, r, q];
  it('is the whole of it, whichever is asked first', () => {
    expect(sharedLine(left, right)).toEqual([q, r, s]);
    expect(sharedLine(right, left)).toEqual([s, r, q]);
  });
  it('is found where the ring begins in its middle', () => {
    expect(sharedLine([r, s, t, p, q, r], right)).toEqual([q, r, s]);
  });
  it('is empty where they only meet at a corner or not at all', () => {
    expect(sharedLine(left, [s, [2, 3], [1, 3], s])).toEqual([]);
    expect(sharedLine(left, [])).toEqual([]);
  });
});
