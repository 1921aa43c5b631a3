import { describe, expect, it } from 'vitest';
import { emptyDraft, finish, RING, snap, snapToSide, withoutLast, withPoint } from './draw';
import type { LonLat } from './feed';

const a: LonLat = [122, 37];
const b: LonLat = [122.1, 37];
const c: LonLat = [122.2, 37.1];
const drawn = [a, b].reduce(withPoint, emptyDraft);

describe('a line being drawn', () => {
  it('takes points in order, and the same place twice in a row once', () => {
    expect([a, a, b, b, a].reduce(withPoint, emptyDraft).points).toEqual([a, b, a]);
  });

  it('ends with two points, never with fewer', () => {
    expect(finish(emptyDraft).finished).toBe(false);
    expect(finish(withPoint(emptyDraft, a)).finished).toBe(false);
    expect(finish(drawn)).toEqual({ points: [a, b], finished: true });
    expect(finish(drawn, RING).finished).toBe(false);
    expect(finish(withPoint(drawn, c), RING).finished).toBe(true);
  });

  it('is taken up again by a step back, and begun anew by a click', () => {
    expect(withoutLast(finish(drawn))).toEqual({ points: [a], finished: false });
    expect(withPoint(finish(drawn), c)).toEqual({ points: [c], finished: false });
    expect(withoutLast(emptyDraft)).toEqual(emptyDraft);
  });

  it('leaves the line it came from as it was', () => {
    withPoint(drawn, c);
    withoutLast(drawn);
    expect(drawn.points).toEqual([a, b]);
  });
});

describe('snapping', () => {
  const apart = (p: LonLat, q: LonLat): number => Math.hypot(p[0] - q[0], p[1] - q[1]);

  it('takes the nearest vertex within reach, exactly as it is', () => {
    const vertices: LonLat[] = [
      [0.09, 0],
      [0.050000001, 0],
      [1, 1],
    ];
    expect(snap([0, 0], vertices, apart, 0.1)).toBe(vertices[1]);
  });

  it('leaves the place alone where no vertex is within reach', () => {
    const at: LonLat = [0, 0];
    expect(snap(at, [[0.2, 0]], apart, 0.1)).toBe(at);
    expect(snap(at, [], apart, 0.1)).toBe(at);
  });
});

describe('snapping to sides', () => {
  const ring: LonLat[] = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 0],
  ];
  const along = (p: LonLat, q: LonLat, share: number): LonLat => [
    p[0] + (q[0] - p[0]) * share,
    p[1] + (q[1] - p[1]) * share,
  ];
  const at = (place: LonLat, reach = 1): LonLat | null =>
    snapToSide(place, [ring], ([x, y]) => ({ x, y }), reach, along);

  it('takes the nearest place on the nearest side', () => {
    expect(at([4, -0.5])).toEqual([4, 0]);
    expect(at([9.4, 5])).toEqual([10, 5]);
  });
  it('gives none where no side is within reach, nor beyond a side’s ends', () => {
    expect(at([4, -2])).toBeNull();
    expect(at([-0.5, 0])).toBeNull();
    expect(
      snapToSide(
        [0, 0],
        [
          [
            [1, 1],
            [1, 1],
          ],
        ],
        ([x, y]) => ({ x, y }),
        9,
        along,
      ),
    ).toBeNull();
  });
});
