import type { Position } from 'geojson';
import type { LonLat } from './feed';
import type { Key, Params } from './message';
import { toLonLat, toPlane, type Plane } from './projection';

/** Rings in lon, lat, each without its first point repeated; the first is the outline, the others holes. */
export type Rings = LonLat[][];

/** What was read of a text, or why it can't be: a message with what goes into it. */
export type Surveyed = { rings: Rings } | { problem: Key; params?: Params };

/** The easting of a central meridian without the zone's number, metres. */
const FALSE_EASTING = 500_000;
const ZONE_STEP = 1_000_000;

/**
 * Reads points as surveyors write them: GeoJSON, or a point a line.
 *
 *  1. A text that begins with { or [ is GeoJSON: a Polygon, a Feature of one or a collection of one Feature.
 *  2. Else a line holds, after what names the point, northing and easting in metres of `plane`, or degrees. With four columns the second is
 *     the ring's number, as the land survey's exchange format has it. Its heads ("[…]", "a=b", "…@") and empty lines are passed over.
 *  3. Degrees are told by their size; which is longitude too, for China lies east of 73° and south of 54°. The zone's number before an
 *     easting may be there or not, but not another zone's.
 */
export function readSurvey(text: string, plane: Plane | null): Surveyed {
  const trimmed = text.trim();
  return /^[{[]\s*["[{]/.test(trimmed) ? readGeoJson(trimmed, plane) : readLines(trimmed, plane);
}

function readLines(text: string, plane: Plane | null): Surveyed {
  const byNumber = new Map<string, LonLat[]>();
  for (const [i, line] of text.split('\n').entries()) {
    const bare = line.trim();
    if (bare === '' || /^\[|=|@$/.test(bare)) continue;
    const columns = bare.split(/[\s,，;；]+/).filter(Boolean);
    const [a = NaN, b = NaN] = columns.slice(-2).map(Number);
    const at = columns.length >= 2 && columns.length <= 4 ? placeOf(a, b, plane) : null;
    if (!at) return { problem: 'web.survey.line', params: { line: i + 1, text: bare.slice(0, 40) } };
    const ring = columns.length === 4 ? (columns[1] ?? '') : '';
    byNumber.set(ring, [...(byNumber.get(ring) ?? []), at]);
  }
  return { rings: [...byNumber.values()].map(opened) };
}

function readGeoJson(text: string, plane: Plane | null): Surveyed {
  const rings = ringsOf(parsed(text));
  if (!rings) return { problem: 'web.survey.geojson' };
  const read: Rings = [];
  for (const ring of rings) {
    const points = ring.map(([x = NaN, y = NaN]) => placeOf(y, x, plane));
    if (points.some((point) => point === null)) return { problem: 'web.survey.geojson' };
    read.push(opened(points as LonLat[]));
  }
  return { rings: read };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The rings of a Polygon, wherever GeoJSON may hold one alone. */
function ringsOf(value: unknown): Position[][] | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, geometry, features, coordinates } = value as Record<string, unknown>;
  if (type === 'Feature') return ringsOf(geometry);
  const only = (list: unknown): unknown => (Array.isArray(list) && list.length === 1 ? list[0] : null);
  if (type === 'FeatureCollection') return ringsOf(only(features));
  const polygon = type === 'MultiPolygon' ? only(coordinates) : type === 'Polygon' ? coordinates : null;
  const isRing = (ring: unknown): boolean => Array.isArray(ring) && ring.every(Array.isArray);
  return Array.isArray(polygon) && polygon.length > 0 && polygon.every(isRing)
    ? (polygon as Position[][])
    : null;
}

/** A place from two numbers: northing and easting, or degrees in either order; null where they are none. */
function placeOf(north: number, east: number, plane: Plane | null): LonLat | null {
  if (!Number.isFinite(north) || !Number.isFinite(east)) return null;
  if (Math.abs(north) <= 180 && Math.abs(east) <= 180) {
    const [lat, lon] = north < east ? [north, east] : [east, north];
    return lat >= -90 && lat <= 90 ? [lon, lat] : null;
  }
  if (!plane || north < 0 || north >= 10 * ZONE_STEP) return null;
  const zone = Math.floor(east / ZONE_STEP);
  if (zone !== 0 && zone !== zoneOf(plane)) return null;
  const easting = (east % ZONE_STEP) - FALSE_EASTING + plane.falseEasting;
  return toLonLat(plane, { north, east: easting });
}

/** The number of a plane's zone: of 3° with their meridians at multiples of 3°, of 6° where the CRS is one of those. */
function zoneOf({ epsg, meridian }: Plane): number {
  return epsg >= 4513 ? meridian / 3 : (meridian + 3) / 6;
}

/** A ring without its first point at the end. */
function opened(ring: readonly LonLat[]): LonLat[] {
  const first = ring[0];
  const last = ring.at(-1);
  const repeats = ring.length > 1 && first && last && first[0] === last[0] && first[1] === last[1];
  return repeats ? ring.slice(0, -1) : [...ring];
}

/** Points as `readSurvey` reads them: northing and easting to a tenth of a millimetre, degrees where there is no plane. */
export function writeSurvey(rings: readonly (readonly LonLat[])[], plane: Plane | null): string {
  return rings
    .flatMap((ring, n) =>
      opened(ring).map((point) => {
        const at = plane && toPlane(plane, ...point);
        const [a, b] = at
          ? [at.north.toFixed(4), at.east.toFixed(4)]
          : [point[0].toFixed(9), point[1].toFixed(9)];
        return rings.length > 1 ? `J, ${n + 1}, ${a}, ${b}` : `${a}, ${b}`;
      }),
    )
    .join('\n');
}

/** The Polygon that rings bound; null where one has fewer than three points. */
export function polygonOf(rings: Rings): { type: 'Polygon'; coordinates: LonLat[][] } | null {
  if (rings.length === 0 || rings.some((ring) => ring.length < 3)) return null;
  return {
    type: 'Polygon',
    coordinates: rings.map((ring) => [...ring, ...ring.slice(0, 1)]),
  };
}
