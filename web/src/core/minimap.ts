import type { Geometry, Position } from 'geojson';
import { toPlane, type Plane } from './projection';

/** A square of ground in metres of the survey plane, east and south of its corner growing. */
export interface Window {
  /** Middle of the square: easting and northing. */
  east: number;
  north: number;
  /** Its side in metres. */
  side: number;
}

/** Positions of a geometry in order, ring by ring or line by line, with whether a part closes. */
function partsOf(geometry: Geometry): { positions: Position[]; closed: boolean }[] {
  switch (geometry.type) {
    case 'Polygon':
      return geometry.coordinates.map((positions) => ({ positions, closed: true }));
    case 'MultiPolygon':
      return geometry.coordinates.flat().map((positions) => ({ positions, closed: true }));
    case 'LineString':
      return [{ positions: geometry.coordinates, closed: false }];
    case 'MultiLineString':
      return geometry.coordinates.map((positions) => ({ positions, closed: false }));
    default:
      return [];
  }
}

function extentOf(plane: Plane, geometry: Geometry): { east: number; north: number; size: number } | null {
  const points = partsOf(geometry)
    .flatMap(({ positions }) => positions)
    .map(([lon = 0, lat = 0]) => toPlane(plane, lon, lat));
  if (points.length === 0) return null;
  const [easts, norths] = [points.map(({ east }) => east), points.map(({ north }) => north)];
  const [west, right] = [Math.min(...easts), Math.max(...easts)];
  const [south, top] = [Math.min(...norths), Math.max(...norths)];
  return { east: (west + right) / 2, north: (south + top) / 2, size: Math.max(right - west, top - south) };
}

/** How much ground is shown beside the largest site. */
const AROUND = 1.7;

/** One window a geometry, all of one side, so that all are drawn at one scale; null where a geometry is empty. */
export function windowsOf(plane: Plane, geometries: readonly (Geometry | null)[]): (Window | null)[] {
  const extents = geometries.map((geometry) => geometry && extentOf(plane, geometry));
  const side = AROUND * Math.max(1, ...extents.map((extent) => extent?.size ?? 0));
  return extents.map((extent) => extent && { east: extent.east, north: extent.north, side });
}

/** A geometry as a path of SVG, in metres from the window's upper left corner; to a tenth. */
export function pathIn(plane: Plane, { east, north, side }: Window, geometry: Geometry): string {
  const at = ([lon = 0, lat = 0]: Position): string => {
    const point = toPlane(plane, lon, lat);
    return `${(point.east - east + side / 2).toFixed(1)} ${(north - point.north + side / 2).toFixed(1)}`;
  };
  return partsOf(geometry)
    .map(({ positions, closed }) => `M${positions.map(at).join('L')}${closed ? 'Z' : ''}`)
    .join('');
}

/** Whether any of a geometry may be seen in a window: its box meets it. */
export function meets(plane: Plane, { east, north, side }: Window, geometry: Geometry): boolean {
  const points = partsOf(geometry)
    .flatMap(({ positions }) => positions)
    .map(([lon = 0, lat = 0]) => toPlane(plane, lon, lat));
  const reach = (values: number[], middle: number): boolean =>
    Math.min(...values) <= middle + side / 2 && Math.max(...values) >= middle - side / 2;
  return (
    points.length > 0 &&
    reach(
      points.map((point) => point.east),
      east,
    ) &&
    reach(
      points.map((point) => point.north),
      north,
    )
  );
}

/** The longest round length (1, 2 or 5 × 10ⁿ m) within a third of the window. */
export function barOf({ side }: Window): number {
  const longest = side / 3;
  const power = 10 ** Math.floor(Math.log10(longest));
  return power * ([5, 2].find((digit) => digit * power <= longest) ?? 1);
}
