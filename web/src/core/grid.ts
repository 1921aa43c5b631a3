import type { BBox } from './feed';
import { toLonLat, toPlane, type Plane } from './projection';

/** The crosses of a survey sheet: where round northings meet round eastings. */
export interface Grid {
  /** Metres between crosses. */
  stepM: number;
  /** lon, lat of each cross. */
  crosses: [number, number][];
}

/** Steps a sheet may use, in metres. */
const STEPS = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
/** More crosses than this along a side are clutter. */
const MOST_ALONG_SIDE = 10;
/** Beyond this many degrees from the central meridian the plane says nothing useful. */
const REACH_DEGREES = 3;

/** The smallest step with few enough crosses over a span, or null where even the widest is too fine. */
export function gridStep(spanM: number): number | null {
  return STEPS.find((step) => spanM / step <= MOST_ALONG_SIDE) ?? null;
}

/** So many steps are a block: crosses come by whole blocks, so that most moves of a view need no others. */
const BLOCK = 10;

/**
 * The crosses of the blocks in which a box of degrees lies, or null where the box is too wide or too far from the
 * plane's meridian.
 */
export function surveyGrid(plane: Plane, [west, south, east, north]: BBox): Grid | null {
  if (Math.max(Math.abs(west - plane.meridian), Math.abs(east - plane.meridian)) > REACH_DEGREES) return null;
  const corners = [west, east].flatMap((lon) => [south, north].map((lat) => toPlane(plane, lon, lat)));
  const norths = corners.map((corner) => corner.north);
  const easts = corners.map((corner) => corner.east);
  const [n0, n1] = [Math.min(...norths), Math.max(...norths)];
  const [e0, e1] = [Math.min(...easts), Math.max(...easts)];
  const stepM = gridStep(Math.max(n1 - n0, e1 - e0));
  if (stepM === null) return null;
  const blockM = BLOCK * stepM;
  const crosses: [number, number][] = [];
  const end = (value: number): number => Math.ceil(value / blockM) * blockM;
  for (let n = Math.floor(n0 / blockM) * blockM; n <= end(n1); n += stepM)
    for (let e = Math.floor(e0 / blockM) * blockM; e <= end(e1); e += stepM)
      crosses.push(toLonLat(plane, { north: n, east: e }));
  return { stepM, crosses };
}
