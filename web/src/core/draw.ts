import type { LonLat } from './feed';

/** A line under way. Immutable: each step gives a new one, so that a step back is the line before. */
export interface Draft {
  readonly points: readonly LonLat[];
  readonly finished: boolean;
}

/** How many points a line, and a ring, have at least. */
export const LINE = 2;
export const RING = 3;

export const emptyDraft: Draft = { points: [], finished: false };

const same = (a: LonLat | undefined, b: LonLat): boolean => a?.[0] === b[0] && a[1] === b[1];

/** One more point; the same place twice in a row is one point, and a finished line begins anew. */
export function withPoint(draft: Draft, at: LonLat): Draft {
  const points = draft.finished ? [] : draft.points;
  return same(points.at(-1), at) ? { points, finished: false } : { points: [...points, at], finished: false };
}

/** Without the last point; a finished line is taken up again. */
export function withoutLast(draft: Draft): Draft {
  return { points: draft.points.slice(0, -1), finished: false };
}

/** A line has two points at least, a ring three: with fewer it can't end. */
export function finish(draft: Draft, least: number = LINE): Draft {
  return draft.points.length < least ? draft : { ...draft, finished: true };
}

/**
 * Where a click means to be: the nearest vertex within `reach`, else where it is. `distance` measures as the
 * reader sees, in pixels.
 */
export function snap(
  at: LonLat,
  vertices: Iterable<LonLat>,
  distance: (a: LonLat, b: LonLat) => number,
  reach: number,
): LonLat {
  let best = at;
  let nearest = reach;
  for (const vertex of vertices) {
    const apart = distance(at, vertex);
    if (apart <= nearest) {
      best = vertex;
      nearest = apart;
    }
  }
  return best;
}

/**
 * Where a click means to be on the sides of rings: the nearest place on one within `reach`, else null. Places
 * and reach are as the reader sees them, in pixels; `along` goes so much of a side's way from its first end to
 * its second, straight as sides are.
 */
export function snapToSide(
  at: LonLat,
  rings: Iterable<readonly LonLat[]>,
  screen: (place: LonLat) => { x: number; y: number },
  reach: number,
  along: (from: LonLat, to: LonLat, share: number) => LonLat,
): LonLat | null {
  const here = screen(at);
  let best: LonLat | null = null;
  let nearest = reach;
  for (const ring of rings)
    ring.slice(1).forEach((to, i) => {
      const from = ring[i] as LonLat;
      const [a, b] = [screen(from), screen(to)];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const length2 = dx * dx + dy * dy;
      const share = length2 > 0 ? ((here.x - a.x) * dx + (here.y - a.y) * dy) / length2 : 0;
      if (share <= 0 || share >= 1) return;
      const apart = Math.hypot(here.x - a.x - share * dx, here.y - a.y - share * dy);
      if (apart > nearest) return;
      best = along(from, to, share);
      nearest = apart;
    });
  return best;
}
