import type { Position } from 'geojson';
import type { SurveyAnswer, SurveyFeature } from './api';
import type { LonLat } from './feed';
import type { Key, Params } from './message';
import { toLonLat, toPlane, type Plane } from './projection';

/** Rings in lon, lat, each without its first point repeated; the first is the outline, the others holes. */
export type Rings = LonLat[][];

/** What a shape is read for: an area, with holes or without, or a line of points. */
export type Wanted = 'area' | 'line';

/** Why a text can't be read: a message with what goes into it, or the server's words on its lines. */
export type Unread = { problem: Key; params?: Params } | { faults: readonly string[] };

/** What was read of a text: its rings and, where it states an area, that in m²; or why it can't be. */
export type Surveyed = { rings: Rings; legalM2?: number } | Unread;

export const isUnread = (read: Surveyed): read is Unread => !('rings' in read);

/** Whether a text is GeoJSON, which the page reads itself; any other is read by the server. */
export const isGeoJson = (text: string): boolean => /^\s*[{[]\s*["[{]/.test(text);

/** What the server read of a survey's text: one parcel is wanted. */
export function surveyOf({ features, faults }: SurveyAnswer): Surveyed {
  if (faults.length > 0) return { faults: faults.map(({ text }) => text) };
  const [first] = features;
  if (!first || features.length > 1)
    return {
      problem: 'web.survey.two',
      params: { count: features.length, line: features[1]?.properties.line ?? 1 },
    };
  const { geometry, properties } = first;
  const rings = ringsIn(geometry);
  return properties.stated && properties.legal_m2 !== null
    ? { rings, legalM2: properties.legal_m2 }
    : { rings };
}

function ringsIn({ type, coordinates }: SurveyFeature['geometry']): Rings {
  if (type === 'Polygon') return coordinates.map((ring) => opened(ring as LonLat[]));
  return [type === 'Point' ? [coordinates] : (coordinates as LonLat[])];
}

/** Reads the one polygon of a GeoJSON text. */
export function readGeoJson(text: string, plane: Plane | null): Surveyed {
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
export function opened(ring: readonly LonLat[]): LonLat[] {
  const first = ring[0];
  const last = ring.at(-1);
  const repeats = ring.length > 1 && first && last && first[0] === last[0] && first[1] === last[1];
  return repeats ? ring.slice(0, -1) : [...ring];
}

/**
 * Points as the server reads them: northing and easting to a tenth of a millimetre, degrees where there is no
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
