import type { LonLat } from '../core/feed';
import { toLonLat, toPlane, type Plane, type PlanePoint } from '../core/projection';

/** A cut reaches so far beyond the parcel's extent, in metres. */
const BEYOND_M = 5;

/**
 * The straight line across a ring: by its bearing in degrees from the grid's north, and how many metres to the
 * right of the middle of the ring's extent it passes. It begins and ends outside.
 */
export function cutLine(plane: Plane, ring: readonly LonLat[], bearing: number, offsetM: number): LonLat[] {
  const points = ring.map((point) => toPlane(plane, ...point));
  const middle: PlanePoint = {
    north: mean(points.map(({ north }) => north)),
    east: mean(points.map(({ east }) => east)),
  };
  const angle = (bearing * Math.PI) / 180;
  const [n, e] = [Math.cos(angle), Math.sin(angle)];
  const along = points.map(({ north, east }) => (north - middle.north) * n + (east - middle.east) * e);
  const at = (distance: number): LonLat =>
    toLonLat(plane, {
      north: middle.north + distance * n - offsetM * e,
      east: middle.east + distance * e + offsetM * n,
    });
  return [at(Math.min(...along) - BEYOND_M), at(Math.max(...along) + BEYOND_M)];
}

/** The middle of the least and the greatest. */
const mean = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;

/**
 * The longest run of sides that two outlines have in common, from end to end; empty where they share none.
 * Rings repeat their first point.
 */
export function sharedLine(a: readonly LonLat[], b: readonly LonLat[]): LonLat[] {
  const key = ([lon, lat]: LonLat): string => `${lon} ${lat}`;
  const sides = new Set(
    b
      .slice(1)
      .flatMap((point, i) => [`${key(b[i] ?? point)} ${key(point)}`, `${key(point)} ${key(b[i] ?? point)}`]),
  );
  const ring = a.slice(0, -1);
  let longest: LonLat[] = [];
  for (let start = 0; start < ring.length; start++) {
    const run: LonLat[] = [ring[start] as LonLat];
    for (let step = 1; step <= ring.length; step++) {
      const next = ring[(start + step) % ring.length] as LonLat;
      if (!sides.has(`${key(run.at(-1) as LonLat)} ${key(next)}`)) break;
      run.push(next);
    }
    if (run.length > 1 && run.length > longest.length) longest = run;
  }
  return longest;
}
