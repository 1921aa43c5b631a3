import type { Position } from 'geojson';
import type { LonLat } from './feed';
import type { Key, Params } from './message';
import { toLonLat, toPlane, type Plane } from './projection';
import { readLines, Unread, type Rings, type Wanted } from './surveytext';

/** What was read of a text, or why it can't be: a message with what goes into it. */
export type Surveyed = { rings: Rings } | { problem: Key; params?: Params };

/**
 * Reads points as surveyors write them: GeoJSON where the text begins with { or [, else a point a line
 * (`readLines`).
 */
export function readSurvey(text: string, plane: Plane | null, wanted: Wanted = 'area'): Surveyed {
  const trimmed = text.trim();
  if (/^[{[]\s*["[{]/.test(trimmed)) return readGeoJson(trimmed, plane);
  try {
    return { rings: readLines(text.replace(/^\uFEFF/, ''), plane, wanted) };
  } catch (error) {
    if (error instanceof Unread) return { problem: error.problem, params: error.params };
    throw error;
  }
}

function readGeoJson(text: string, plane: Plane | null): Surveyed {
  const value = parsed(text);
  const system = systemOf(value);
  if (system !== null && !knownSystem(system, plane))
    return { problem: 'web.survey.crs', params: { got: system.slice(0, 60), crs: plane?.epsg ?? 4490 } };
  const rings = ringsOf(value);
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

/** The system that GeoJSON names, in whatever form; null where it names none, which is longitude and latitude. */
function systemOf(value: unknown): string | null {
  const crs = (value as { crs?: unknown } | null)?.crs;
  if (crs === undefined || crs === null) return null;
  const { name, code } = ((crs as { properties?: unknown }).properties ?? {}) as Record<string, unknown>;
  return String(name ?? code ?? JSON.stringify(crs));
}

/** WGS 84 and CGCS2000 in degrees are one to a decimetre; in metres only the park's own plane is. */
function knownSystem(name: string, plane: Plane | null): boolean {
  if (/CRS84$/i.test(name)) return true;
  const code = Number(/(?:^|[:/])(\d{4,5})$/.exec(name)?.[1]);
  return [4326, 4490, plane?.epsg].includes(code);
}

/** A place from two numbers: northing and easting, or latitude and longitude; null where they are none. */
function placeOf(north: number, east: number, plane: Plane | null): LonLat | null {
  if (!Number.isFinite(north) || !Number.isFinite(east)) return null;
  if (Math.abs(north) <= 90 && Math.abs(east) <= 180) return [east, north];
  if (!plane || north < 0 || north >= 1e7 || Math.abs(east - plane.falseEasting) > 340_000) return null;
  return toLonLat(plane, { north, east });
}

/** A ring without its first point at the end. */
function opened(ring: readonly LonLat[]): LonLat[] {
  const first = ring[0];
  const last = ring.at(-1);
  const repeats = ring.length > 1 && first && last && first[0] === last[0] && first[1] === last[1];
  return repeats ? ring.slice(0, -1) : [...ring];
}

/**
 * Points as `readSurvey` reads them: northing and easting to a tenth of a millimetre, degrees where there is no
 * plane.
 */
export function writeSurvey(rings: readonly (readonly LonLat[])[], plane: Plane | null): string {
  return rings
    .flatMap((ring, n) =>
      opened(ring).map((point, i) => {
        const at = plane && toPlane(plane, ...point);
        const [a, b] = at
          ? [at.north.toFixed(4), at.east.toFixed(4)]
          : [point[0].toFixed(9), point[1].toFixed(9)];
        return rings.length > 1 ? `J${i + 1}, ${n + 1}, ${a}, ${b}` : `${a}, ${b}`;
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
