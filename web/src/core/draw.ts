import type { LonLat } from './feed';

/** A line under way. Immutable: each step gives a new one, so that a step back is the line before. */
export interface Draft {
  readonly points: readonly LonLat[];
  readonly finished: boolean;
}

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

/** A line has two points at least: with fewer it can't end. */
export function finish(draft: Draft): Draft {
  return draft.points.length < 2 ? draft : { ...draft, finished: true };
}

/**
 * Where a click means to be: the nearest vertex within `reach`, else where it is. `distance` measures as the reader sees, in pixels.
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
